"""The verbs of this room: a file is taken, its columns told, looked at, carried out, taken back."""

from wushi.domain.imports.services.carrying import (
    carry_out_batch,
    commit_batch,
    note_trouble,
    take_back_batch,
    undo_batch,
)
from wushi.domain.imports.services.exporting import NewExport, export_list
from wushi.domain.imports.services.judging import finish_preview, look_again, preview
from wushi.domain.imports.services.taking import NewFile, forget_rows, map_columns, take_file, tell_words

__all__ = [
    "NewExport",
    "NewFile",
    "carry_out_batch",
    "commit_batch",
    "export_list",
    "finish_preview",
    "forget_rows",
    "look_again",
    "map_columns",
    "note_trouble",
    "preview",
    "take_back_batch",
    "take_file",
    "tell_words",
    "undo_batch",
]
