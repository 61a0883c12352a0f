"""The lock on the data directory."""

import stat
from pathlib import Path

import pytest

from bot.errors import StartFailed
from bot.lock import LOCK_NAME, DirectoryLock, locked


def test_the_directory_is_created_for_its_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "a" / "data"
    with locked(directory):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_second_holder_is_refused_with_the_directory_s_name(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(StartFailed) as caught, locked(tmp_path):
        pytest.fail("held twice")  # pragma: no cover - reached only when the lock does not hold
    assert str(tmp_path) in str(caught.value)
    assert "DATA_DIR" in str(caught.value)


def test_it_is_free_again_afterwards(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        _ = 1 / 0
    with locked(tmp_path):
        pass


def test_two_directories_do_not_mind_each_other(tmp_path: Path) -> None:
    with locked(tmp_path / "one"), locked(tmp_path / "two"):
        pass


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (file, file / "below"):
        with pytest.raises(StartFailed, match="cannot be used as a directory: "), locked(path):
            pytest.fail("held a file")  # pragma: no cover - reached only when a file is taken


def test_a_directory_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).mkdir()
    with pytest.raises(StartFailed, match="cannot be written to: "), locked(tmp_path):
        pytest.fail("held it")  # pragma: no cover - reached only when the lock does not hold


def test_a_lock_that_is_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    directory = tmp_path / "data"
    directory.mkdir()
    (directory / LOCK_NAME).symlink_to(theirs)
    with pytest.raises(StartFailed, match="symbolic link"), locked(directory):
        pytest.fail("followed it")  # pragma: no cover - reached only when the link is followed
    assert not theirs.exists()


def test_what_is_not_held_can_be_given_up(tmp_path: Path) -> None:
    lock = DirectoryLock(tmp_path)
    lock.release()
    lock.acquire()
    lock.release()
    lock.release()
    with locked(tmp_path):
        pass
