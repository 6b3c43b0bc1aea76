"""What nobody should type, upload or put into a link: written by hand, each value with a name for the report."""

from __future__ import annotations

import gzip
import io
import zipfile

HTML_MARK = '<img src=x onerror="window.__hacked=1">'
MARKDOWN_MARK = "![x](http://evil.example/x.png)"
DIRECTIVE_MARK = ":red[x]"
HOSTILE = f"{HTML_MARK} {MARKDOWN_MARK} {DIRECTIVE_MARK} $x$ :material/home: **b**"
RNA = "GGAUUGCAUGAAACCAGCAUGUUUGCAUGUAAGCUUACG"

SHORT_TEXTS: dict[str, str] = {
    "empty": "",
    "blank": " \t\r\n\u00a0\u3000",
    "NUL": "ACGU\0ACGU",
    "control characters": "\x01\x07\x08\x1b[31mACGU\x7f\x85",
    "new lines only": "\n\r\n\u2028\u2029\x0b\x0c",
    "emoji": "🧬👩‍🔬🏳️‍🌈",
    "right to left": "\u202eACGU\u202c שלום \u2066x\u2069",
    "combining": "A\u0301\u0327" * 30 + "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚",
    "half a surrogate pair": "AC\ud800GU\udfff",
    "sharp s and dotless i": "ßıİſﬁ",
    "full-width letters": "ＡＣＧＵＡＣＧＵＡＣＧＵ",
    "Cyrillic look-alikes": "АСGUАСGUАСGU",
    "no-break and zero width": "AC\u200bGU\ufeffAC\u00adGU\u2060",
    "DNA": "ACGTTGCATGACGTTGCATG",
    "RNA": RNA,
    "lower case": "acguugcaugacguugcaug",
    "IUPAC": "NRYSWKMBDHVNNNACGUACGU",
    "protein": "MEEPQSDPSVEPPLSQETFSDLWKLLPENN",
    "gaps": "ACGU---ACGU...ACGU***",
    "too long for a window": "ACGU" * 11,
    "comma before a number": ",5",
    "not a number": "nan",
    "infinity": "inf",
    "minus infinity": "-Infinity",
    "beyond a float": "1e400",
    "below a float": "1e-400",
    "nearly beyond a float": "1e300",
    "nearly beyond a float, negative": "-1e300",
    "minus zero": "-0",
    "hexadecimal": "0x10",
    "underscore in a number": "1_000",
    "Arabic digits": "١٢٣",
    "superscript digits": "²³",
    "huge number": "9" * 400,
    "more digits than Python reads": "9" * 5000,
    "huge negative number": "-" + "9" * 25,
    "fraction": "0.5",
    "two points": "1.2.3",
    "decimal comma": "0,5",
    "true": "True",
    "none": "None",
    "path upwards": "../../etc/passwd",
    "Windows path upwards": "..\\..\\windows\\win.ini",
    "absolute path": "/etc/passwd",
    "device": "/dev/zero",
    "percent-encoded path": "%2e%2e%2fetc%2fpasswd",
    "tilde": "~/.ssh/id_rsa",
    "Windows device": "CON",
    "dots": "..",
    "hidden file": ".hidden",
    "name with slashes": "a/b/c",
    "name of 300 letters": "n" * 300,
    "option": "--help",
    "dash": "-",
    "HTML": HTML_MARK,
    "script": "<script>window.__hacked=1</script>",
    "broken tag": "</style></pre></textarea><svg/onload=window.__hacked=1>",
    "attribute": '" onmouseover="window.__hacked=1" x="',
    "link to a script": '<a href="javascript:window.__hacked=1">x</a>',
    "entity": "&lt;img src=x onerror=window.__hacked=1&gt; &#60;b&#62;",
    "markdown image": MARKDOWN_MARK,
    "markdown link": "[x](javascript:window.__hacked=1) <http://evil.example> http://evil.example www.evil.example",
    "markdown blocks": "# x\n\n- y\n\n```\nz\n```\n\n| a | b |\n|---|---|\n",
    "directive": DIRECTIVE_MARK + " :material/home: :blue-badge[x] :small[x] :smile: :streamlit:",
    "LaTeX": "$\\frac{1}{0}$ $$\\input{/etc/passwd}$$",
    "everything hostile": HOSTILE,
    "SQL": "'; DROP TABLE models; --",
    "format string": "{0} {} {x!r} {__class__} %s %(x)s %n ${x} $(id) `id`",
    "template": "{{7*7}} <%= 7*7 %> #{7*7}",
    "shell": "; touch hacked; $(touch hacked) | `touch hacked` && touch hacked",
    "JSON": '{"rbp": [1, null, {"a": NaN}]}',
    "Python": "__import__('os').system('touch hacked')",
    "formula": "=cmd|'/c calc'!A1",
    "formula with a sign": "@SUM(1+1)*cmd|' /C calc'!A0",
    "brackets without end": "(" * 200 + "[" * 200,
    "regular expression": "(a+)+$.*[\\",
    "separators": ";,+@:=/*-",
    "many separators": ";" * 3000,
    "construct": "name=UGCAUG@4+stem:7-16/24-33:gu;UGCAUG@*",
    "construct with a hostile name": f"{HTML_MARK}=UGCAUG@4",
    "construct beyond the end": "UGCAUG@99999999999,-1,0,*",
    "stem": "stem:9-1/0-99:gu+stem:1-41/1-41+occlude:0-0+context:@",
    "change": "A999999999999G",
    "change with Arabic digits": "G١A",
    "list of changes": "G1A,A1G," * 60,
    "variants": f"{HTML_MARK},1,G,A\n=cmd|x,2,G,C\nx,1_0,G,A",
    "FASTA with a hostile header": f">{HTML_MARK} {MARKDOWN_MARK}\n{RNA}\n>\n{RNA}\n>{'x' * 500}\n{RNA}\n",
    "header without a sequence": ">only a header",
    "text before a header": f"{RNA}\n>late\n{RNA}",
    "GenBank": f"LOCUS {HTML_MARK} 39 bp\nORIGIN\n 1 {RNA.lower()}\n//\nORIGIN\n//",
    "MEME": f"MEME version 4\n\nALPHABET= ACGU\n\nMOTIF {HTML_MARK} {MARKDOWN_MARK}\n"
    "letter-probability matrix: w= 1\n0.25 0.25 0.25 0.25\n",
    "MEME of nonsense": "MEME version 4\nALPHABET\nMOTIF a\nletter-probability matrix: w= 999999999\nnan inf -1 1e400\n",
    "table": "sequence\tscore\n" + f"{RNA}\tnan\n" * 3,
    "positions": "1-99999999,5-2,0",
    "digest of nothing": "0123456789abcdef",
}

_MEGABYTE = 1_000_000
LONG_TEXTS: dict[str, str] = {
    "1 MB of one letter": "A" * _MEGABYTE,
    "1 MB of nonsense": "z" * _MEGABYTE,
    "1 MB of blanks": " " * _MEGABYTE,
    "1 MB of digits": "1" * _MEGABYTE,
    "1 MB of one-digit numbers": "1 " * (_MEGABYTE // 2),
    "1 MB of new lines": "\n" * _MEGABYTE,
    "1 MB of headers": ">\n" * (_MEGABYTE // 2),
    "1 MB of short records": f">x\n{RNA}\n" * (_MEGABYTE // 44),
    "1 MB of lines": f"{RNA}\n" * (_MEGABYTE // 41),
    "1 MB of semicolons": ";" * _MEGABYTE,
    "1 MB of changes": "G1A\n" * (_MEGABYTE // 4),
    "1 MB of elements": "A@1+" * (_MEGABYTE // 4),
    "1 MB of quotation marks": '"' * _MEGABYTE,
    "1 MB of gaps": "-" * _MEGABYTE,
    "1 MB of 5'-": "5'-" * (_MEGABYTE // 3),
    "1 MB of ORIGIN": "ORIGIN\n" * (_MEGABYTE // 7),
    "1 MB of //": "ORIGIN\nA\n//\n" * (_MEGABYTE // 12),
    "1 MB of equals signs": "=" * _MEGABYTE,
    "1 MB of HTML": HTML_MARK * (_MEGABYTE // len(HTML_MARK)),
    "1 MB of motifs": "MEME version 4\n" + "MOTIF a\n" * (_MEGABYTE // 8),
    "1 MB of signs of many bytes": "🧬" * (_MEGABYTE // 4),
}
TEXTS = SHORT_TEXTS | LONG_TEXTS

NUMBERS: dict[str, float] = {
    "zero": 0,
    "minus one": -1,
    "one": 1,
    "a fraction": 0.5,
    "beyond every limit": 10**9,
    "below every limit": -(10**9),
    "the largest whole number of a browser": 2**53 - 1,
    "the smallest whole number of a browser": -(2**53 - 1),
}


def _zip(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(name, content)
    return packed.getvalue()


def table(rows: int = 600, name: str = "score") -> str:
    """A table that can be trained on; its sequences differ."""
    letters = (
        f"{RNA[shift % 30 :]}{RNA[: shift % 30]}"[:30] + f"{shift:05b}".replace("0", "A").replace("1", "C")[:11]
        for shift in range(rows)
    )
    return f"sequence\t{name}\n" + "".join(f"{sequence}\t{number % 17}.5\n" for number, sequence in enumerate(letters))


def gzip_bomb(megabytes: int = 300) -> bytes:
    """A small file that is large once unpacked, as a table of probes."""
    lines = table(500).encode()
    lines += f"{RNA}\t1\n".encode() * (_MEGABYTE // 42)
    return gzip.compress(lines) + gzip.compress(lines[lines.index(b"\n") + 1 :] * 1, 1) * megabytes


CONTENTS: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \r\n\t\n",
    "NUL bytes": b"\0" * 4096,
    "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
    "not UTF-8": b"\xff\xfe\xfa\xc3\x28ACGU\n",
    "UTF-16 without its end": "\ufeffACGU".encode("utf-16-le") + b"\xd8",
    "UTF-16": f">{HTML_MARK}\n{RNA}\n".encode("utf-16"),
    "old Mac line ends": f">a\r{RNA}\r>b\r{RNA}\r".encode(),
    "FASTA with a hostile header": SHORT_TEXTS["FASTA with a hostile header"].encode(),
    "MEME with a hostile name": SHORT_TEXTS["MEME"].encode(),
    "table": table().encode(),
    "table with a hostile header": table(name=f"{HTML_MARK} {MARKDOWN_MARK} score").encode(),
    "table of formulas": b"=cmd|' /C calc'!A0,=1+1\n" * 600,
    "table of nan": f"{RNA}\tnan\n".encode() * 600,
    "table of 1e400": f"{RNA}\t1e400\n".encode() * 600,
    "table with one unclosed quotation mark": b'"ACGUACGUACGU,1\n' * 600,
    "zip": _zip("../../hacked", b"x" * 1000),
    "gzip that ends early": gzip.compress(table().encode())[:-20],
    "gzip of nothing": gzip.compress(b""),
    "gzip of gzip": gzip.compress(gzip.compress(table().encode())),
    "pickle": b"\x80\x04\x95\x1f\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94\x85\x94R\x94.",
    "HDF5": b"\x89HDF\r\n\x1a\n" + b"\0" * 512,
    "JSON": b'{"a": [1, 2, {"b": null}]}' + b"[" * 100_000,
    "HTML": b"<!doctype html><script>window.__hacked=1</script>" * 20,
    "HTML of SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="window.__hacked=1"/>',
    "one line of 1 MB": b"A" * _MEGABYTE,
}


def large_contents() -> dict[str, bytes]:
    """Files that take memory, so they are made when they are asked for."""
    return {"gzip bomb": gzip_bomb(), "20 MB of letters": b"ACGU" * 5_000_000, "20 MB of lines": b"ACGUACGUACGU\t1\n" * 1_330_000}


FILE_NAMES: dict[str, str] = {
    "path upwards": "../../../hacked.txt",
    "Windows path": "..\\..\\hacked.txt",
    "absolute path": "/etc/hacked.txt",
    "Windows device": "CON.txt",
    "hostile": f"{HTML_MARK}{MARKDOWN_MARK}.txt",
    "right to left": "x\u202etxt.exe.txt",
    "very long": "x" * 300 + ".txt",
    "only an ending": ".txt",
}
