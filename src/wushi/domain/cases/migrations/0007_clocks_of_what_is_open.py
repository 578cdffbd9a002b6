"""What was open before there were clocks gets its clock for handling; counties get the customary lines for the other clocks."""

from django.db import migrations

BASIS = "本平台默认，可由区里改"
# code, clock, kind, urgency, amount, unit, by_time, at_red
LINES = (
    ("claim", "claim", "", "", 1, "workday", "18:00", "escalate"),
    ("claim-inquiry", "claim", "inquiry", "", 120, "work_minute", "18:00", "escalate"),
    ("claim-help", "claim", "help", "", 240, "work_minute", "18:00", "escalate"),
    ("claim-hazard", "claim", "hazard", "", 240, "work_minute", "18:00", "escalate"),
    ("claim-urgent", "claim", "", "urgent", 60, "work_minute", "18:00", "escalate"),
    ("claim-help-urgent", "claim", "help", "urgent", 60, "work_minute", "18:00", "escalate"),
    ("handover", "handover", "", "", 1, "workday", "18:00", "escalate"),
    ("handover-urgent", "handover", "", "urgent", 60, "work_minute", "18:00", "escalate"),
    ("contact", "contact", "", "", 1, "workday", "18:00", "tell"),
    ("whole", "whole", "", "", 30, "day", "23:59", "tell"),
    ("answer", "answer", "", "", 7, "day", "23:59", "tell"),
    ("roll-call", "roll_call", "", "", 1, "workday", "18:00", "tell"),
    ("roll-call-urgent", "roll_call", "", "urgent", 60, "work_minute", "18:00", "tell"),
    ("roll-call-major", "roll_call", "", "major", 240, "work_minute", "18:00", "tell"),
    ("part", "part", "", "", 3, "workday", "18:00", "tell"),
    ("part-urgent", "part", "", "urgent", 1, "workday", "18:00", "tell"),
)


def give_lines(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for line in LINES:
            cursor.execute(
                """INSERT INTO cases_pace (id, county, code, version, valid_from, basis, clock, kind, urgency, category,
                                           amount, unit, by_time, extension_cap, at_red)
                   SELECT gen_random_uuid(), p.county, %s, max(p.version), min(p.valid_from), %s, %s, %s, %s, '', %s, %s, %s,
                          0, %s
                     FROM cases_profile p GROUP BY p.county""",
                [line[0], BASIS, *line[1:]],
            )


CLOCKS = """
INSERT INTO cases_clock (id, county, case_id, name, run, pace, pace_version, amount, unit, by_time, extended, started_at,
                         yellow_at, due_at, supervise_at, is_guess, reached, next_at, ended_by)
SELECT gen_random_uuid(), county, id, 'resolution', 1, coalesce(why->>'pace', 'any'),
       coalesce((why->>'pace_version')::int, 1), coalesce((why->>'workdays')::int, 5), 'workday', '18:00', 0, opened_at,
       opened_at + (due_at - opened_at) * 0.7, due_at, due_at + (due_at - opened_at) * 0.2, due_is_guess, '',
       opened_at + (due_at - opened_at) * 0.7, ''
  FROM cases_case WHERE state IN ('received', 'waiting', 'assigned', 'working')
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_keys_of_handling")]

    operations = [
        migrations.RunPython(give_lines, migrations.RunPython.noop),
        migrations.RunSQL(CLOCKS, migrations.RunSQL.noop),
    ]
