import wushi.kernel.ids
import wushi.plumbing.county
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_first_photos"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wushi.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", wushi.plumbing.county.CountyCode(db_collation="C", max_length=6)),
                ("ticket", models.UUIDField()),
                (
                    "owner_kind",
                    wushi.plumbing.county.Code(blank=True, db_collation="C", default="", max_length=32),
                ),
                ("owner_id", models.UUIDField(null=True)),
                (
                    "uploader",
                    wushi.plumbing.county.Code(blank=True, db_collation="C", default="", max_length=64),
                ),
                ("sha256", models.BinaryField(max_length=32)),
                ("size", models.PositiveIntegerField()),
                ("kind", wushi.plumbing.county.Code(blank=True, db_collation="C", default="", max_length=8)),
                ("seconds", models.PositiveIntegerField(null=True)),
                ("kept_at", models.DateTimeField()),
                ("step", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("owner_id__isnull", False)),
                        fields=["county", "owner_id"],
                        name="files_recording_of_owner",
                    ),
                    models.Index(
                        condition=models.Q(("owner_id", None)),
                        fields=["county", "kept_at"],
                        name="files_recording_unowned",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("county", "id"), name="files_recording_in_county"),
                    models.UniqueConstraint(
                        fields=("county", "ticket"), name="files_one_recording_per_ticket"
                    ),
                ],
            },
        ),
    ]
