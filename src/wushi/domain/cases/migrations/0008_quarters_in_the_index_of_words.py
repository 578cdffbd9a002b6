from django.db import migrations

# the quarter of opening, in local days, as ``plumbing.tokens.quarter_token`` writes it
ADD = """
UPDATE cases_case SET tokens = tokens || array_to_tsvector(ARRAY[
    '~' || to_char(opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY') || 'q'
        || to_char(opened_at AT TIME ZONE 'Asia/Shanghai', 'Q')])
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_clocks_of_what_is_open")]

    operations = [migrations.RunSQL(ADD, migrations.RunSQL.noop)]
