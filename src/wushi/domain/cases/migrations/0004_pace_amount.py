from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_indexes_of_trays_and_holders")]

    operations = [migrations.RenameField("pace", "workdays", "amount")]
