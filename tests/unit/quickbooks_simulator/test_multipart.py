"""Multipart bodies, with both spellings of a line end."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.multipart import read_parts

TYPE = "multipart/form-data; boundary=-------------PythonMultipartPost"
BOUNDARY = "-------------PythonMultipartPost"


def form(content: bytes, end: str, *headers: str) -> bytes:
    head = ["", f"--{BOUNDARY}", 'Content-Disposition: form-data; name="file_content_01"; filename="a.pdf"', *headers]
    return (end.join(head) + end + end).encode() + content + f"{end}--{BOUNDARY}--{end}".encode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@given(content=st.binary(max_size=200).filter(lambda content: b"\n--" not in content))
def test_binary_content_survives_whatever_it_is(end: str, content: bytes) -> None:
    (part,) = read_parts(form(content, end, "Content-Type: application/pdf"), TYPE)
    # Before a boundary one line end belongs to the boundary; a lone CR there is taken for half of one.
    assert part.content in (content, content.removesuffix(b"\r"))
    assert (part.name, part.file_name, part.content_type) == ("file_content_01", "a.pdf", "application/pdf")


@given(content=st.binary(max_size=200))
def test_base64_content_is_decoded(content: bytes) -> None:
    encoded = base64.encodebytes(content)
    (part,) = read_parts(form(encoded, "\n", "Content-Transfer-Encoding: base64"), TYPE)
    assert part.content == content


def test_quoted_boundary_is_understood() -> None:
    assert len(read_parts(form(b"x", "\r\n"), f'multipart/form-data; boundary="{BOUNDARY}"')) == 1


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{}", "application/json"),
        (b"", "multipart/form-data"),
        (b"", TYPE),
        (form(b"x", "\n").removesuffix(f"--{BOUNDARY}--\n".encode()), TYPE),
        (f"--{BOUNDARY}\nContent-Type: text/plain\n\nx\n--{BOUNDARY}--".encode(), TYPE),
        (f"--{BOUNDARY}\nno headers\n--{BOUNDARY}--".encode(), TYPE),
        (form(b"x", "\n", "Content-Transfer-Encoding: base64"), TYPE),
    ],
)
def test_body_that_is_no_form_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(Fault) as refused:
        read_parts(body, content_type)
    assert refused.value.code == "2010"
