from django.db import migrations

from wushi.plumbing.operations import CountyKey


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_clocks_levels_whistle")]

    operations = [
        CountyKey("cases_case", "merged_into_id", "cases_case"),
        CountyKey("cases_clock", "case_id", "cases_case"),
        CountyKey("cases_pause", "case_id", "cases_case"),
        CountyKey("cases_extension", "case_id", "cases_case"),
        CountyKey("cases_link", "case_id", "cases_case"),
        CountyKey("cases_link", "other_id", "cases_case"),
        CountyKey("cases_callback", "case_id", "cases_case"),
        CountyKey("cases_flag", "case_id", "cases_case"),
        CountyKey("cases_whistle", "case_id", "cases_case"),
        CountyKey("cases_part", "case_id", "cases_case"),
        CountyKey("cases_part", "whistle_id", "cases_whistle"),
    ]
