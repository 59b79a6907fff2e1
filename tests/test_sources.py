"""Where the digits come from, tried with TFDS itself on archives in miniature, on MNIST, and on the built-in digits."""

import contextlib
import hashlib
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import tiny_mnist
from conftest import ROOT

from labutils import sources
from labutils.sources import SourceError

IMAGES = "train-images-idx3-ubyte.gz"
PROBE = 3  # seconds, and no more, to find out that a host does not answer


# ----- what the tests stand on -----


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, strictly; ``breaks_off``: half of each file of images; ``unpacks``: calls archives encoded."""

    breaks_off = unpacks = False

    def do_HEAD(self):
        self.send_error(405)

    def do_GET(self):
        if "//" in self.path:
            self.send_error(404)
        else:
            super().do_GET()

    def end_headers(self):
        if self.unpacks:
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()

    def copyfile(self, source, outputfile):
        content = source.read()
        outputfile.write(content[: len(content) // 2] if self.breaks_off and "images" in self.path else content)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving(folder, **settings):
    """The address of a web server for the folder, with "/" at the end."""
    handler = type("Handler", (Handler,), settings)
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *request: handler(*request, directory=folder.parent)
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def silent_host():
    """The address of a host that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def change_host(monkeypatch, url):
    """Let TFDS's host be this one; what TFDS expects of the archives stays."""
    from tensorflow_datasets.image_classification.mnist import MNIST

    monkeypatch.setattr(MNIST, "URL", url)
    monkeypatch.setattr(MNIST, "url_infos", {url + info.filename: info for info in MNIST.url_infos.values()})


@contextlib.contextmanager
def within(seconds):
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def half_made(folder):
    return [path for path in folder.rglob("*") if re.search(r"incomplete|\.part|\.tmp\.", path.name)]


# ----- the ladder -----

ALL_RUNGS = """
import os, pathlib, sys
sys.path.insert(0, {tests!r})
import tiny_mnist
from labutils import sources
from labutils.sources import builtin_digits
builtin_digits.VARIATIONS.update(train=1, test=1)
archives, top = pathlib.Path({archives!r}), pathlib.Path({top!r})
tiny_mnist.pretend(archives, {nowhere!r})
sources.load(data_dir=top / "builtin")
tiny_mnist.pretend(archives, {host!r})
sources.load(data_dir=top / "download")
tiny_mnist.pretend(archives, {nowhere!r})
os.environ["LABUTILS_MNIST_MIRROR"] = str(archives)
sources.load(data_dir=top / "mirror")
digits = sources.load()
digits.arrays("train"), list(digits.dataset("test"))
sources.load(data_dir=top / "mirror", quiet=True)
"""


def test_each_rung_says_one_line_and_there_is_no_other_noise(archives, tmp_path, python):
    nowhere = f"http://127.0.0.1:{closed_port()}/"
    with serving(archives) as host:
        code = ALL_RUNGS.format(
            tests=str(ROOT / "tests"), archives=str(archives), top=str(tmp_path), nowhere=nowhere, host=host
        )
        result = python(code, TFDS_DATA_DIR=tmp_path / "mirror")
    assert result.stderr == ""
    assert result.returncode == 0

    def name(url):
        return url.split("/")[2]

    tiny = "MNIST: 200 training and 100 test images"
    assert result.stdout.splitlines() == [
        f"Preparing built-in digits in {tmp_path / 'builtin'}, once: about half a minute.",
        "built-in digits: 1,500 training and 297 test images, scikit-learn's, enlarged and varied "
        f"(none prepared in {tmp_path / 'builtin'}; no mirror named; no answer from {name(nowhere)}).",
        f"Preparing MNIST in {tmp_path / 'download'}, once: about half a minute.",
        f"{tiny}, downloaded from {name(host)} (none prepared in {tmp_path / 'download'}; no mirror named).",
        f"Preparing MNIST in {tmp_path / 'mirror'}, once: about half a minute.",
        f"{tiny}, from the mirror {archives} (none prepared in {tmp_path / 'mirror'}).",
        f"{tiny}, prepared in {tmp_path / 'mirror'}.",
    ]


def test_prepared_digits_are_taken_before_a_mirror_and_a_mirror_before_a_download(archives, data_dir, monkeypatch):
    with serving(archives) as host:
        change_host(monkeypatch, host)
        assert "downloaded from" in sources.describe(data_dir=data_dir)
        monkeypatch.setenv("LABUTILS_MNIST_MIRROR", str(archives))
        assert "from the mirror" in sources.describe(data_dir=data_dir)
        sources.load(data_dir=data_dir)
        assert "prepared in" in sources.describe(data_dir=data_dir)


def test_describe_fetches_and_writes_nothing(archives, data_dir, monkeypatch):
    monkeypatch.setenv("LABUTILS_MNIST_MIRROR", str(archives))
    assert sources.describe(data_dir=data_dir) == (
        f"MNIST, from the mirror {archives} (none prepared in {data_dir}); not prepared yet."
    )
    assert not data_dir.exists()
    sources.load(data_dir=data_dir)
    assert sources.describe(data_dir=data_dir) == f"MNIST, prepared in {data_dir}; ready."


def test_mnist(mnist_data_dir, capfd):
    digits = sources.load(data_dir=mnist_data_dir)
    out, err = capfd.readouterr()
    assert out == f"MNIST: 60,000 training and 10,000 test images, prepared in {mnist_data_dir}.\n"
    assert err == ""
    images, labels = digits.arrays("train")
    assert (images.shape, images.dtype, labels.dtype) == ((60000, 28, 28, 1), np.uint8, np.int64)
    assert np.bincount(labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert images.mean() == pytest.approx(33.3184, abs=1e-4)
    assert len(digits.arrays("test")[0]) == 10000
    assert not half_made(mnist_data_dir)


def test_fingerprints_tell_digits_apart_and_stay(digits, archives, data_dir, tmp_path):
    same = sources.prepare(archives, data_dir=tmp_path / "elsewhere")
    other = sources.load("builtin", data_dir=data_dir)
    assert digits.fingerprint == same.fingerprint
    assert digits.fingerprint != other.fingerprint


# ----- choosing -----


@pytest.mark.parametrize("forced_by", ["argument", "environment"])
def test_the_builtin_digits_can_be_forced_past_prepared_mnist(digits, data_dir, monkeypatch, capsys, forced_by):
    monkeypatch.setenv("LABUTILS_DIGITS", "mnist" if forced_by == "argument" else "builtin")
    forced = sources.load("builtin" if forced_by == "argument" else None, data_dir=data_dir)
    assert forced.name == "built-in digits"
    assert capsys.readouterr().out.endswith("and 297 test images, scikit-learn's, enlarged and varied.\n")


def test_forced_mnist_that_cannot_be_had_is_an_error_that_says_what_to_do(archives, data_dir, monkeypatch):
    monkeypatch.setenv("LABUTILS_DIGITS", "mnist")
    for get in (sources.load, sources.describe, sources.prepare):
        with pytest.raises(SourceError) as error:
            get(data_dir=data_dir)
        message = str(error.value)
        assert "no mirror named; no answer from 127.0.0.1" in message
        assert "LABUTILS_MNIST_MIRROR" in message
        assert "LABUTILS_DIGITS=builtin" in message
    assert not data_dir.exists()


@pytest.mark.parametrize("value", ["fashion", "MNIST", " "])
def test_a_wrong_choice_is_named(data_dir, monkeypatch, value):
    for choose in (lambda: sources.load(value, data_dir=data_dir), lambda: sources.describe(data_dir=data_dir)):
        with pytest.raises(SourceError, match=f"'auto', 'mnist' or 'builtin', not '{value}'"):
            choose()
        monkeypatch.setenv("LABUTILS_DIGITS", value)


# ----- a mirror -----


@pytest.mark.parametrize("name", [str, Path.as_uri, lambda folder: f"~/{folder.name}"], ids=["path", "address", "home"])
def test_a_folder_as_mirror(archives, data_dir, monkeypatch, name):
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(archives.parent))
    monkeypatch.setenv("LABUTILS_MNIST_MIRROR", name(archives))
    digits = sources.load(data_dir=data_dir)
    assert digits.reason.startswith(f"from the mirror {archives} ")
    tiny_mnist.assert_served_by(digits)


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("unpacks", [False, True], ids=["plain", "gzip-encoded"])
def test_an_address_as_mirror(archives, data_dir, monkeypatch, slash, unpacks):
    with serving(archives, unpacks=unpacks) as url:
        monkeypatch.setenv("LABUTILS_MNIST_MIRROR", url.rstrip("/") + slash)
        digits = sources.load(data_dir=data_dir)
    assert digits.reason.startswith(f"from the mirror {url.rstrip('/')}")
    tiny_mnist.assert_served_by(digits)


def test_archives_that_lie_where_tfds_looks_for_them(archives, data_dir):
    (data_dir / "downloads").mkdir(parents=True)
    archives.rename(data_dir / "downloads" / "manual")
    digits = sources.load("mnist", data_dir=data_dir)
    assert digits.reason.startswith("from the archives in")
    tiny_mnist.assert_served_by(digits)


def test_archives_of_the_same_names_unpacked_before_are_not_mixed_up(archives, data_dir, monkeypatch):
    other = data_dir / "downloads" / "extracted" / f"GZIP.{IMAGES.removesuffix('.gz')}.gz"
    other.parent.mkdir(parents=True)
    other.write_bytes(bytes(16 + 200 * 784))  # such as Fashion-MNIST's, which TFDS would take for ours
    monkeypatch.setenv("LABUTILS_MNIST_MIRROR", str(archives))
    tiny_mnist.assert_served_by(sources.load(data_dir=data_dir))


def test_prepare_gets_everything_ready_from_a_mirror_whatever_the_settings(archives, data_dir, monkeypatch, capsys):
    monkeypatch.setenv("LABUTILS_DIGITS", "builtin")
    monkeypatch.setenv("LABUTILS_MNIST_MIRROR", "/nowhere")
    sources.prepare(archives, data_dir=data_dir)
    assert capsys.readouterr().out == (
        f"MNIST: 200 training and 100 test images, from the mirror {archives} (none prepared in {data_dir}).\n"
    )
    archives.rename(archives.with_name("unplugged"))
    assert len(list(data_dir.glob("mnist/*/arrays-*/*.npy"))) == 4
    tiny_mnist.assert_served_by(sources.load("mnist", data_dir=data_dir))


def a_folder_without_archives(archives):
    return contextlib.nullcontext("/nowhere")


def a_folder_that_lacks_one(archives):
    (archives / IMAGES).unlink()
    return contextlib.nullcontext(str(archives))


def an_address_with_nothing(archives):
    return serving(archives / "nothing")


def an_address_that_lacks_one(archives):
    (archives / IMAGES).unlink()
    return serving(archives)


def a_closed_port(archives):
    return contextlib.nullcontext(f"http://127.0.0.1:{closed_port()}")


def a_connection_that_breaks(archives):
    return serving(archives, breaks_off=True)


def an_address_of_no_kind(archives):
    return contextlib.nullcontext("ftps://archives")


def a_host_that_never_answers(archives):
    return silent_host()


@pytest.mark.parametrize(
    ("mirror", "reason"),
    [
        (a_folder_without_archives, f"{IMAGES}.* cannot be read from the mirror /nowhere"),
        (a_folder_that_lacks_one, f"{IMAGES} cannot be read from the mirror"),
        (an_address_with_nothing, "the mirror http.* answers with HTTP status 404"),
        (an_address_that_lacks_one, f"http.*{IMAGES} answers with HTTP status 404"),
        (a_closed_port, "no answer from the mirror http"),
        (a_connection_that_breaks, "the connection broke at http.*ubyte.gz"),
        (an_address_of_no_kind, "no answer from the mirror ftps"),
        (a_host_that_never_answers, "no answer from the mirror http"),
    ],
)
def test_a_mirror_that_fails(archives, data_dir, monkeypatch, mirror, reason):
    good = archives.with_name("good")
    good.mkdir()
    tiny_mnist.write_archives(good)
    with mirror(archives) as place:
        with within(PROBE + 2), pytest.raises(SourceError, match=reason):
            sources.prepare(place, data_dir=data_dir)
        assert not half_made(data_dir)
        monkeypatch.setenv("LABUTILS_MNIST_MIRROR", place)
        fallback = sources.load(data_dir=data_dir)
    assert fallback.name == "built-in digits"
    assert re.search(reason, fallback.reason)
    assert not half_made(data_dir)
    tiny_mnist.assert_served_by(sources.prepare(good, data_dir=data_dir))


# ----- no network -----


def test_a_host_that_never_answers_costs_three_seconds(archives, data_dir, monkeypatch):
    with silent_host() as host:
        change_host(monkeypatch, host)
        with within(PROBE + 1):
            assert "no answer from 127.0.0.1" in sources.describe(data_dir=data_dir)


def test_a_name_that_cannot_be_looked_up_costs_three_seconds(archives, data_dir, monkeypatch):
    given_up = threading.Event()

    def look_up(*_, **__):
        given_up.wait(60)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    change_host(monkeypatch, "http://archives.example/")
    with within(PROBE + 1):
        assert "no answer from archives.example" in sources.describe(data_dir=data_dir)
    given_up.set()


def test_a_download_that_breaks_off_leads_to_the_builtin_digits(archives, data_dir, monkeypatch):
    with serving(archives, breaks_off=True) as host:
        change_host(monkeypatch, host)
        digits = sources.load(data_dir=data_dir)
    assert digits.name == "built-in digits"
    assert f"the connection broke at {host}" in digits.reason
    assert not half_made(data_dir)


# ----- damage -----


def corrupt(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "way"),
    [
        (corrupt, "folder"),
        (truncate, "folder"),
        (empty, "folder"),
        (corrupt, "address"),
        (truncate, "download"),
        (corrupt, "by hand"),
    ],
)
def test_a_damaged_archive_is_named_with_both_sums(archives, data_dir, monkeypatch, damage, way):
    expected = sha256(archives / IMAGES)
    damage(archives / IMAGES)
    with serving(archives) as url:
        if way == "by hand":
            shutil.copytree(archives, data_dir / "downloads" / "manual")
        elif way == "download":
            change_host(monkeypatch, url)
        else:
            monkeypatch.setenv("LABUTILS_MNIST_MIRROR", url if way == "address" else str(archives))
        with pytest.raises(SourceError) as error:
            sources.load(data_dir=data_dir)
    assert f": {IMAGES}: expected SHA-256 {expected}, found {sha256(archives / IMAGES)}." in str(error.value)
    assert not half_made(data_dir)
    assert not list(data_dir.glob("mnist/*"))
    if way != "by hand":
        assert not list((data_dir / "downloads" / "manual").iterdir())
    tiny_mnist.write_archives(archives)
    tiny_mnist.assert_served_by(sources.prepare(archives, data_dir=data_dir))


def test_nothing_is_unpacked_while_a_damaged_archive_is_named(archives, data_dir, monkeypatch):
    from tensorflow_datasets.core.download import extractor

    unpacked, extract = [], extractor._Extractor.extract
    monkeypatch.setattr(
        extractor._Extractor, "extract", lambda self, path, *how: unpacked.append(path) or extract(self, path, *how)
    )
    corrupt(archives / "t10k-labels-idx1-ubyte.gz")
    with pytest.raises(SourceError, match="t10k-labels"):
        sources.prepare(archives, data_dir=data_dir)
    assert not unpacked  # it would go on in threads, among which the sweeping up would have to go on as well


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ----- many at once, and killed ones -----

AT_ONCE = """
import pathlib, sys
sys.path.insert(0, {tests!r})
from labutils import sources
import tensorflow, tiny_mnist
tiny_mnist.pretend(pathlib.Path({archives!r}), "http://127.0.0.1:9/")
print("ready", flush=True)
sys.stdin.readline()
images, labels = sources.load("mnist", data_dir={data_dir!r}, quiet=True).arrays("train")
print(images.sum(), labels.sum())
"""


def test_two_processes_prepare_one_folder_at_once(archives, data_dir, monkeypatch):
    monkeypatch.setenv("LABUTILS_MNIST_MIRROR", str(archives))
    code = AT_ONCE.format(tests=str(ROOT / "tests"), archives=str(archives), data_dir=str(data_dir))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([sys.executable, "-c", code], **pipes) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        out, err = process.communicate(timeout=100)
        assert (process.returncode, err) == (0, "")
        assert out == f"{tiny_mnist.images('train').sum()} {tiny_mnist.labels('train').sum()}\n"
    assert not half_made(data_dir)


FORKED = """
import json, os, pathlib, re, shutil, signal, sys
sys.path.insert(0, {tests!r})
from labutils import sources
import numpy, tensorflow, tiny_mnist
from tensorflow_datasets.core.download import extractor
from tensorflow_datasets.image_classification import mnist

top, archives = pathlib.Path({top!r}), pathlib.Path({archives!r})
stages = dict(copy=(shutil, "copyfileobj"), unpack=(extractor, "_copy"), write=(mnist, "_extract_mnist_labels"),
              decode=(numpy, "save"))
tiny_mnist.pretend(archives, "http://127.0.0.1:9/")

def die(*arguments, **keywords):
    os.kill(os.getpid(), signal.SIGKILL)

def fork(stage, die_in=None):
    child = os.fork()
    if not child:
        try:
            if die_in:
                setattr(*die_in, die)
            sources.prepare(archives, data_dir=top / stage)
        except BaseException as error:
            print(error, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return child

def half_made(stage):
    return [path.name for path in (top / stage).rglob("*") if re.search("incomplete|[.]part|[.]tmp[.]", path.name)]

report = dict()
crowd = [fork("crowd") for _ in range(4)]
report["crowd"] = [os.waitpid(child, 0)[1] for child in crowd], half_made("crowd")
for stage, place in stages.items():
    report[stage] = os.waitpid(fork(stage, place), 0)[1], half_made(stage)
for stage in stages:
    digits = sources.prepare(archives, data_dir=top / stage)
    report[stage] += int(digits.arrays("train")[0].sum()), half_made(stage)
pathlib.Path({report!r}).write_text(json.dumps(report))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks and kills as Linux does")
def test_four_processes_at_once_and_killed_ones(archives, tmp_path, python):
    code = FORKED.format(
        tests=str(ROOT / "tests"), top=str(tmp_path), archives=str(archives), report=str(tmp_path / "report.json")
    )
    assert python(code).stderr == ""
    report = json.loads((tmp_path / "report.json").read_text())
    exits, left = report.pop("crowd")
    assert exits == [0, 0, 0, 0]
    assert left == []
    assert list(report) == ["copy", "unpack", "write", "decode"]
    for exit_status, left, found, left_in_the_end in report.values():
        assert exit_status == 9
        assert left
        assert found == tiny_mnist.images("train").sum()
        assert left_in_the_end == []


# ----- folders that cannot be written to -----


def a_file_in_the_way(folder):
    folder.write_text("no folder")


def a_lock_in_the_way(folder):
    (folder / "labutils.lock").mkdir(parents=True)


def no_permission(folder):
    folder.mkdir(mode=0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("this user may write everywhere")


@pytest.mark.parametrize("obstacle", [a_file_in_the_way, a_lock_in_the_way, no_permission])
@pytest.mark.parametrize("which", ["mnist", "builtin"])
def test_a_folder_that_cannot_be_written_to(archives, data_dir, monkeypatch, obstacle, which):
    obstacle(data_dir)
    monkeypatch.setenv("LABUTILS_MNIST_MIRROR", str(archives))
    with pytest.raises(SourceError) as error:
        sources.load(which, data_dir=data_dir)
    assert f"cannot be prepared in {data_dir}: [Errno " in str(error.value)
    assert "Set TFDS_DATA_DIR to a folder that you may write to" in str(error.value)


@pytest.mark.parametrize("room", [50_000, 157_500, 170_000], ids=["fetching", "unpacking", "writing"])
def test_a_disk_that_is_full(archives, data_dir, full_disk, room):
    with full_disk(room), pytest.raises(SourceError, match=r"cannot be prepared in .*\n?.*with 200 MB free"):
        sources.prepare(archives, data_dir=data_dir)
    assert not half_made(data_dir)
    tiny_mnist.assert_served_by(sources.prepare(archives, data_dir=data_dir))
