from django.db import migrations

from wushi.plumbing.operations import CountyKey


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_first_requests"), ("people", "0002_household_of_the_same_county")]

    operations = [
        CountyKey("cases_case", "reporter_id", "people_person"),
        CountyKey("cases_entry", "case_id", "cases_case"),
        CountyKey("cases_watch", "case_id", "cases_case"),
        migrations.RunSQL(
            sql="CREATE INDEX cases_words ON cases_case USING gin (tokens)",
            reverse_sql="DROP INDEX cases_words",
        ),
    ]
