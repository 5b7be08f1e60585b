"""Two machines of one site on this one: servers and workers with instance folders of their own, and what they share."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from servers import answers, free_port

from tests.buckets import serving as serving_buckets
from tests.databases import started

NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 512; }}
http {{
  access_log off; client_max_body_size 12m; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream gatehouse {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://gatehouse; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $host;
      proxy_connect_timeout 2s; proxy_next_upstream error timeout http_502; proxy_next_upstream_tries 2;
    }}
  }}
}}
"""


@dataclass
class Post:
    """A mail server that counts how often each message arrives."""

    got: dict[str, int] = field(default_factory=dict)

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        for line in envelope.content.decode("utf-8", "replace").splitlines():
            if line.lower().startswith("message-id:"):
                name = line.split(":", 1)[1].strip()
                self.got[name] = self.got.get(name, 0) + 1
                break
        return "250 taken"


@dataclass
class Machine:
    """One of the two: a server with two processes, and a worker."""

    name: str
    folder: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.start_worker()
        self.server = self._run("serve", "--port", str(self.port), "--workers", "2", "--threads", "8")
        deadline = time.monotonic() + 90
        while not answers(self.port, "/healthz"):
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Machine {self.name} did not start.")
            time.sleep(0.1)

    def start_worker(self) -> None:
        self.worker = self._run("worker")

    def _run(self, *words: str) -> subprocess.Popen[bytes]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GATEHOUSE_")}
        environment |= self.settings | {"GATEHOUSE_INSTANCE": str(self.folder)}
        log = (self.folder / f"{words[0]}.log").open("ab")
        command = [sys.executable, "-c", "from innovation.cli.main import main; main()", *words]
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)

    def kill_a_web_process(self) -> None:
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)

    def kill_the_worker(self) -> None:
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def pull_the_plug(self) -> None:
        for process in (self.server, self.worker):
            if process and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        for process in (self.server, self.worker):
            process.wait()

    def stop(self) -> None:
        for process in (self.server, self.worker):
            if process and process.poll() is None:
                process.terminate()
        for process in (self.server, self.worker):
            if process:
                try:
                    process.wait(timeout=40)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Site:
    """Both machines, what they share, and the ports at which people reach them."""

    machines: tuple[Machine, Machine]
    settings: dict[str, str]
    bucket: Path
    post: Post
    ports: tuple[int, ...]
    parts: str


@contextmanager
def site(folder: Path, queue: str) -> Iterator[Site]:
    """Everything that two machines need; the machines themselves are not started yet."""
    with ExitStack() as stack:
        database = stack.enter_context(started()).address("postgres")
        bucket = stack.enter_context(serving_buckets(folder / "buckets"))
        post, mail_port = Post(), free_port()
        controller = Controller(post, hostname="127.0.0.1", port=mail_port)
        controller.start()
        stack.callback(controller.stop)
        settings = {
            "DATABASE_URL": database,
            "SECRET_KEY": "one key for both machines",
            "QUEUE_URL": database if queue == "postgresql" else stack.enter_context(_redis(folder)),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(mail_port),
            "PASSWORD_TIME_COST": "1",
            "PASSWORD_MEMORY_KIB": "64",
            "PROXY_HOPS": "1",
            **{name.upper(): value for name, value in bucket.settings.items()},
        }
        settings = {f"GATEHOUSE_{name}": value for name, value in settings.items()}
        machines = tuple(Machine(name, folder / name, settings) for name in "AB")
        for machine in machines:
            machine.folder.mkdir()
            stack.callback(machine.stop)
        ports = tuple(machine.port for machine in machines)
        proxy = stack.enter_context(_nginx(folder, ports)) if shutil.which("nginx") else None
        parts = f"PostgreSQL, S3 by rclone, queue in {queue}, {'nginx' if proxy else 'people try both machines'}"
        yield Site(machines, settings, bucket.folder / "gatehouse" / "files", post, (proxy,) if proxy else ports, parts)


@contextmanager
def _nginx(folder: Path, ports: tuple[int, ...]) -> Iterator[int]:
    port = free_port()
    servers = " ".join(f"server 127.0.0.1:{machine} max_fails=2 fail_timeout=10s;" for machine in ports)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, servers=servers, port=port))
    process = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)
