from django.db import migrations

from wushi.plumbing.operations import CountyKey


class Migration(migrations.Migration):
    dependencies = [("people", "0001_first_people")]

    operations = [CountyKey("people_person", "household_id", "people_household")]
