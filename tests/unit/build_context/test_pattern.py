"""One pattern against one path: the cases that the reference implementation, moby/patternmatcher, is held to."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_context.ignore import IgnoreError
from tests.unit.build_context.reading import left_out

MATCHES = [
    # Its own cases.
    ("**", "file"), ("**", "file/"), ("**/", "file"), ("**/", "file/"), ("**", "/"), ("**/", "/"),
    ("**", "dir/file"), ("**/", "dir/file"), ("**", "dir/file/"), ("**/", "dir/file/"),
    ("**/**", "dir/file"), ("**/**", "dir/file/"), ("dir/**", "dir/file"), ("dir/**", "dir/file/"),
    ("dir/**", "dir/dir2/file"), ("dir/**", "dir/dir2/file/"), ("**/dir", "dir"), ("**/dir", "dir/file"),
    ("**/dir2/*", "dir/dir2/file"), ("**/dir2/*", "dir/dir2/file/"), ("**/dir2/**", "dir/dir2/dir3/file"),
    ("**/dir2/**", "dir/dir2/dir3/file/"), ("**file", "file"), ("**file", "dir/file"), ("**/file", "dir/file"),
    ("**file", "dir/dir/file"), ("**/file", "dir/dir/file"), ("**/file*", "dir/dir/file"),
    ("**/file*", "dir/dir/file.txt"), ("**/file*txt", "dir/dir/file.txt"), ("**/file*.txt", "dir/dir/file.txt"),
    ("**/file*.txt*", "dir/dir/file.txt"), ("**/**/*.txt", "dir/dir/file.txt"), ("**/*.txt", "file.txt"),
    ("**/**/*.txt", "file.txt"), ("a**/*.txt", "a/file.txt"), ("a**/*.txt", "a/dir/file.txt"),
    ("a**/*.txt", "a/dir/dir/file.txt"), ("a/*.txt", "a/file.txt"), ("a/*.txt**", "a/file.txt"),
    ("a[b-d]e", "ace"), ("a[^b-d]e", "aze"), (".*", ".foo"), ("abc.def", "abc.def"), ("abc?def", "abcZdef"),
    ("**/foo/bar", "foo/bar"), ("**/foo/bar", "dir/foo/bar"), ("**/foo/bar", "dir/dir2/foo/bar"),
    ("abc/**", "abc/def"), ("abc/**", "abc/def/ghi"), ("**/.foo", ".foo"), ("a(b)c/def", "a(b)c/def"),
    ("a.|)$(}+{bc", "a.|)$(}+{bc"), ("dist/proxy-2.4.0rc3+g08acad9.whl", "dist/proxy-2.4.0rc3+g08acad9.whl"),
    ("dist/*.whl", "dist/proxy-2.4.0rc3+g08acad9.whl"), ("a\\\\", "a\\"), ("a\\*b", "a*b"),
    ("*", "fileutils.go"), ("*.go", "fileutils.go"),
    # Those that it has from Go's filepath.Match.
    ("abc", "abc"), ("*", "abc"), ("*c", "abc"), ("a*", "a"), ("a*", "abc"), ("a*", "ab/c"), ("a*/b", "abc/b"),
    ("a*b*c*d*e*/f", "axbxcxdxe/f"), ("a*b*c*d*e*/f", "axbxcxdxexxx/f"), ("a*b?c*x", "abxbbxdbxebxczzx"),
    ("ab[c]", "abc"), ("ab[b-d]", "abc"), ("ab[^e-g]", "abc"), ("a?b", "a☺b"), ("a[^a]b", "a☺b"), ("[a-ζ]*", "α"),
    ("[\\]a]", "]"), ("[\\-]", "-"), ("[x\\-]", "x"), ("[x\\-]", "-"), ("[\\-x]", "x"), ("[\\-x]", "-"),
    ("*x", "xxx"),
    # What it answers where two readings of ours once differed, or where it says less than one would think.
    ("x[^a]y", "x/y"), ("././x", "x"), ("a/../b", "b"), ("//x", "x"), ("**x", "dir/ax"), ("x**", "xy/z"),
    ("a^b", "a^b"), ("]", "]"), ("***", "a/b"), ("/!x\nx", "x"),
]  # fmt: skip
MISSES = [
    ("**/**/*.txt2", "dir/dir/file.txt"), ("a/*.txt", "a/dir/file.txt"), ("a[b-d]e", "ae"), ("a[b-d]e", "aae"),
    (".*", "foo"), ("abc.def", "abcdef"), ("abc.def", "abcZdef"), ("abc?def", "abcdef"), ("abc/**", "abc"),
    ("**/.foo", "bar.foo"), ("a(b)c/def", "a(b)c/xyz"),
    ("a*/b", "a/c/b"), ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f"), ("a*b*c*d*e*/f", "axbxcxdxexxx/fff"),
    ("a*b?c*x", "abxbbxdbxebxczzy"), ("ab[e-g]", "abc"), ("ab[^c]", "abc"), ("ab[^b-d]", "abc"), ("a\\*b", "ab"),
    ("a???b", "a☺b"), ("a[^a][^a][^a]b", "a☺b"), ("*[a-ζ]", "A"), ("a?b", "a/b"), ("a*b", "a/b"),
    ("[x\\-]", "z"), ("[\\-x]", "a"),
    ("**x*", "dir/ax"), ("a^b*", "a^b"), ("/", "x"), (".", "x"), ("..", "x"), ("../x", "x"),
]  # fmt: skip
# Docker refuses these.
REFUSED = [
    "[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a[", "[^]a]", "[]", "!", "!/", "! ",
    "[Local-Only]/", "\\é",
]  # fmt: skip
# Docker takes these for something else than it documents.
UNSAFE = ["[*]", "[?]", "[[]", "[[:alpha:]]", "\\d", "[\\w]", "a\\b"]


@pytest.mark.parametrize(("pattern", "path"), MATCHES)
def test_a_pattern_matches_what_docker_says(pattern: str, path: str, tmp_path: Path) -> None:
    """The path itself, or a folder that it is in."""
    assert left_out(tmp_path, pattern, path)


@pytest.mark.parametrize(("pattern", "path"), MISSES)
def test_a_pattern_matches_no_more_than_docker_says(pattern: str, path: str, tmp_path: Path) -> None:
    """Neither over the border of a folder nor as a regular expression."""
    assert not left_out(tmp_path, pattern, path)


@pytest.mark.parametrize("pattern", [*REFUSED, *UNSAFE])
def test_what_docker_refuses_is_told(pattern: str, tmp_path: Path) -> None:
    """So is what it would take for something else: nobody's file is put into an image by a guess."""
    with pytest.raises(IgnoreError) as raised:
        left_out(tmp_path, f"ok\n{pattern}", "ok")

    what, hint = str(raised.value).split("\n\n")
    assert f"1 line is wrong\n  line 2, `{pattern.strip()}`: " in what
    assert hint.startswith("hint: mend it")
