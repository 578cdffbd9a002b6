"""Static files under names that carry their hash, imports between scripts too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Modules(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it ships without types
    """``import ... from "./x.js"`` names the hashed file: after a release no script meets an older neighbour."""

    support_js_module_import_aggregation = True
