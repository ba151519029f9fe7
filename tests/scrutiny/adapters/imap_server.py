"""A real mail server to read a mailbox from: Dovecot, started for one test on a port of its own, with a folder of mails."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
CONFIGURATION = """\
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password=open-sesame
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail
}}
mail_location = maildir:{home}/mail/box
namespace inbox {{
  inbox = yes
}}
first_valid_uid = 0
"""


@dataclass(frozen=True, slots=True)
class ImapServer:
    """A running server: its address for MAILBOX_URL, and the folder in which an email is delivered by putting it there."""

    url: str
    box: Path

    def deliver(self, name: str, raw: bytes) -> None:
        """Put an email into the inbox, as a delivery agent does: whole, and named in order of arrival."""
        new = self.box / "new"
        new.mkdir(parents=True, exist_ok=True)
        for folder in ("cur", "tmp"):
            (self.box / folder).mkdir(exist_ok=True)
        held = self.box / "tmp" / name
        held.write_bytes(raw)
        if os.geteuid() == 0:
            for path in (*self.box.rglob("*"), self.box):
                shutil.chown(path, "nobody", "nogroup")
        held.rename(new / name)

    def read_ones(self) -> list[str]:
        """The names of the emails that are marked as read, in order."""
        cur = self.box / "cur"
        return sorted(one.name.split(":")[0] for one in cur.iterdir() if "S" in one.name.partition(":2,")[2])


@contextmanager
def running(home: Path) -> Iterator[ImapServer]:
    """A server of its own in a folder, stopped at the end; as `nobody` where the tests run as root."""
    root = os.geteuid() == 0
    user = "nobody" if root else pwd.getpwuid(os.geteuid()).pw_name
    group = "nogroup" if root else str(os.getegid())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = home / "mail" / "box"
    box.mkdir(parents=True)
    (home / "state").mkdir()
    if root:
        for path in (home, home / "mail", box):
            shutil.chown(path, "nobody", "nogroup")
    file = home / "dovecot.conf"
    file.write_text(CONFIGURATION.format(home=home, user=user, group=group, port=port))
    server = subprocess.Popen([DOVECOT, "-F", "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_for(port, server)
        yield ImapServer(f"imap://officer:open-sesame@127.0.0.1:{port}/INBOX", box)
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until it answers."""
    for _ in range(100):
        if server.poll() is not None:
            raise RuntimeError((server.stderr.read() if server.stderr else b"").decode())
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as call:
            if call.recv(100).startswith(b"* OK"):
                return
        time.sleep(0.1)
    raise RuntimeError("the mail server did not start")
