"""A file into its pages, as Tamis reads them: told by content, turned as EXIF says, in sRGB, alpha over white."""

import io
import warnings
from typing import NamedTuple

import numpy as np
import pypdfium2
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

register_heif_opener()
# Sizes are looked at here, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None

FORMATS = ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIF"]
MOST_PIXELS = 70_000_000
WIDEST = 32_767
MOST_PAGES = 1_000
PDF_SCALE = 150 / 72
SRGB = ImageCms.createProfile("sRGB")


class Page(NamedTuple):
    """`number` is from 0; `picture` bytes `[height, width, 3]`, or None where `error` says why there is none."""

    number: int
    picture: np.ndarray | None
    error: str | None


class Refusal(Exception):
    """A file or page that gives no picture; its text is the reason, a colon, and what is known of it."""


def pages_of(content):
    """The pages of a file, one after the other.

    @raises Refusal where the whole file cannot be read.
    """
    if not content:
        raise Refusal("empty: The file has no bytes.")
    image = _opened(content)
    if image is not None:
        yield from _image_pages(image)
    elif b"%PDF-" in content[:1024]:
        yield from _pdf_pages(content)
    elif b"<svg" in content[:4096]:
        raise Refusal("unsupported-format: SVG")
    else:
        raise Refusal("not-an-image: The file is whole in none of the formats that are read here.")


def _opened(content):
    """Nothing is decoded yet; None where it is none of the image formats."""
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError:
        return None
    except Exception as error:
        raise Refusal(f"damaged: {error}") from error


def _pdf_pages(content):
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        reason = "encrypted" if "password" in str(error).lower() else "damaged"
        raise Refusal(f"{reason}: {error}") from error
    try:
        _refuse_pages(len(document))
        for number in range(len(document)):
            yield _attempt(number, lambda number=number: _pdf_page(document, number))
    finally:
        document.close()


def _pdf_page(document, number):
    width, height = (round(side * PDF_SCALE) for side in document.get_page_size(number))
    _refuse_size(width, height)
    page = document[number]
    try:
        # In whole pixels, so that the picture's size does not depend on how the scale is rounded.
        bitmap = page.render(scale=PDF_SCALE, rev_byteorder=True, prefer_bgrx=True, fill_color=(255, 255, 255, 255))
        return bitmap.to_numpy()[:height, :width, :3].copy()
    finally:
        page.close()


def _image_pages(image):
    with image:
        # Of an animation the first frame counts; of a TIFF every page.
        pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        _refuse_pages(pages)
        for number in range(pages):
            yield _attempt(number, lambda number=number: _image_page(image, number))


def _image_page(image, number):
    if number > 0:
        image.seek(number)
    _refuse_size(*image.size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image.load()
        # Browsers look at the profile of these; of the others Tamis does not either.
        has_profile = image.format not in ("TIFF", "HEIF")
        return _as_rgb(ImageOps.exif_transpose(image), image.info.get("icc_profile") if has_profile else None)


def _as_rgb(image, profile):
    """Bytes `[height, width, 3]`, sRGB."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise Refusal(f"unsupported-format: Pixels of Pillow's mode {image.mode} are no bytes.")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    if image.mode == "LAB":
        image = ImageCms.profileToProfile(image, ImageCms.createProfile("LAB"), SRGB, outputMode="RGB")
    elif profile and image.mode in ("RGB", "CMYK", "L"):
        image = _with_profile(image, profile)
    if image.mode == "CMYK":
        # As browsers show ink without a profile: what it lets through times what the black lets through.
        ink = 255 - np.asarray(image, np.uint16)
        return (ink[..., :3] * ink[..., 3:] // 255).astype(np.uint8)
    return np.asarray(image.convert("RGB"))


def _with_profile(image, profile):
    try:
        return ImageCms.profileToProfile(image, io.BytesIO(profile), SRGB, outputMode="RGB")
    except ImageCms.PyCMSError:
        # A profile that cannot be used is none.
        return image


def _attempt(number, decode):
    try:
        return Page(number, decode(), None)
    except Refusal as refusal:
        return Page(number, None, str(refusal))
    except Exception as error:
        return Page(number, None, f"damaged: {error}")


def _refuse_size(width, height):
    if width * height > MOST_PIXELS or max(width, height) > WIDEST or min(width, height) < 1:
        raise Refusal(f"too-large: The file declares {width} x {height} pixels.")


def _refuse_pages(pages):
    if pages > MOST_PAGES:
        raise Refusal(f"too-large: The file has {pages} pages, more than {MOST_PAGES}.")
