from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_quarters_in_the_index_of_words")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="contest_days",
            field=models.PositiveSmallIntegerField(default=15),
        ),
    ]
