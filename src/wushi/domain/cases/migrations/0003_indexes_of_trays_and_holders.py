from django.db import migrations, models

OPEN = ["assigned", "received", "waiting", "working"]


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_keys_and_search")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="cases_of_holder"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["county", "tray_area", "tray_duty", "opened_at", "id"], name="cases_of_tray"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("holder__isnull", False)),
                fields=["county", "holder", "opened_at", "id"],
                name="cases_of_holder",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state__in", OPEN), ("holder__isnull", False)),
                fields=["county", "holder", "due_at", "id"],
                name="cases_held_open",
            ),
        ),
    ]
