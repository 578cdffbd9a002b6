from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_family_bonds")]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["county", "household"],
                condition=models.Q(household__isnull=False),
                name="people_of_household",
            ),
        ),
    ]
