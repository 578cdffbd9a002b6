"""Why a file is not taken as a table. Codes with facts; the sentences stand at the edge."""

from wushi.kernel.errors import DomainError


class BadSheet(DomainError):
    """A file that is not taken; each reason is a class of its own."""

    code = "sheets.unreadable"


class EmptySheet(BadSheet):
    """No byte, or no filled row."""

    code = "sheets.empty"


class SheetTooLarge(BadSheet):
    """More megabytes, packed or unpacked, than ``limit``, or more memory than the reader gets."""

    code = "sheets.too_large"


class TooManyRows(BadSheet):
    """More than ``limit`` rows, or a sheet that says so of itself."""

    code = "sheets.too_many_rows"


class TooManyColumns(BadSheet):
    """More than ``limit`` columns."""

    code = "sheets.too_many_columns"


class CellTooLong(BadSheet):
    """A cell of more than ``limit`` characters (``row``)."""

    code = "sheets.cell_too_long"


class EncryptedSheet(BadSheet):
    """Protected by a password."""

    code = "sheets.encrypted"


class SheetWithMacros(BadSheet):
    """Carries programs."""

    code = "sheets.macros"


class NestedFile(BadSheet):
    """A file inside a file."""

    code = "sheets.nested"


class UnsafeSheet(BadSheet):
    """Built to harm its reader: packed too tight, names that lead out of it, entities."""

    code = "sheets.unsafe"


class WrongKind(BadSheet):
    """Neither xlsx, xls nor csv, whatever its name says."""

    code = "sheets.wrong_kind"


class WebPage(BadSheet):
    """A web page that is named like a table, as many systems export it."""

    code = "sheets.web_page"


class MixedEncoding(BadSheet):
    """Text that is neither UTF-8 nor GB 18030 throughout."""

    code = "sheets.mixed_encoding"


class OpenQuote(BadSheet):
    """A quotation mark that never closes (``row``)."""

    code = "sheets.open_quote"


class NoHeader(BadSheet):
    """No row that names columns."""

    code = "sheets.no_header"


class DuplicateHeads(BadSheet):
    """Two columns with one name (``heads``)."""

    code = "sheets.duplicate_heads"


class UnknownSheet(BadSheet):
    """No visible sheet of this name."""

    code = "sheets.unknown_sheet"


class TooSlow(BadSheet):
    """Not read within the time given."""

    code = "sheets.too_slow"


ALL = {
    cls.code: cls
    for cls in (
        BadSheet,
        EmptySheet,
        SheetTooLarge,
        TooManyRows,
        TooManyColumns,
        CellTooLong,
        EncryptedSheet,
        SheetWithMacros,
        NestedFile,
        UnsafeSheet,
        WrongKind,
        WebPage,
        MixedEncoding,
        OpenQuote,
        NoHeader,
        DuplicateHeads,
        UnknownSheet,
        TooSlow,
    )
}
