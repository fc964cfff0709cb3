"""Files of evidence: between two processes, in a backup taken under load, and where there is no more room."""

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.faults.conftest import Deployment, Place
from tests.worker import running, saferplan

API = "/api/v1"
MIB = 1024 * 1024
PDF = {"Content-Type": "application/pdf"}
CODE = "lamps"


def evidence(size: int, number: int) -> bytes:
    """A PDF of exactly that many bytes, another for each number."""
    begin, end = b"%PDF-1.7\n% ", b"\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
    noise = random.Random(number).randbytes((size - len(begin) - len(end)) // 2 + 1).hex().encode()
    return begin + noise[: size - len(begin) - len(end)] + end


class Officer:
    """Somebody at one server, who stores files as evidence of a recommendation."""

    def __init__(self, url: str, deployment: Deployment) -> None:
        self.url, self.headers = f"{url}{API}", deployment.headers

    def ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        headers = self.headers | sent.pop("headers", {})
        return httpx.request(method, self.url + path, headers=headers, timeout=120, **sent)

    def recommend(self) -> None:
        body = {"code": CODE, "source": "audit", "source_title": "Audit, 2017", "text": "Mend the lamps"}
        assert self.ask("POST", "/recommendations", json=body).status_code == 201

    def upload(self, content: bytes) -> httpx.Response:
        return self.ask("POST", "/files", params={"name": "lamps.pdf"}, content=content, headers=PDF)

    def attach(self, content: bytes) -> str:
        """Uploads the file and refers to it; returns its hash."""
        stored = self.upload(content)
        assert stored.status_code == 201, stored.text
        sha256 = str(stored.json()["sha256"])
        body = {"sha256": sha256, "name": "lamps.pdf", "title": "Photographs"}
        attached = self.ask("POST", f"/recommendations/{CODE}/evidence", json=body)
        assert attached.status_code == 201, attached.text
        return sha256

    def evidence(self) -> list[str]:
        """Hashes of the files that the recommendation refers to."""
        files = self.ask("GET", f"/recommendations/{CODE}").json()["evidence"]
        return [str(each["sha256"]) for each in files]

    def download(self, sha256: str) -> bytes:
        answer = self.ask("GET", f"/files/{sha256}")
        assert answer.status_code == 200, answer.text
        return answer.content


def test_ten_mib_go_up_at_one_process_and_down_at_the_other(
    deployment: Deployment, two_workers: tuple[str, str], long_form: bool
) -> None:
    first, second = (Officer(url, deployment) for url in two_workers)
    first.recommend()
    for number in range(20 if long_form else 2):
        sender, reader = (first, second) if number % 2 else (second, first)
        content = evidence(10 * MIB, number)
        sha256 = sender.attach(content)
        assert sha256 == hashlib.sha256(content).hexdigest()
        assert reader.download(sha256) == content
    refused = first.upload(evidence(10 * MIB + 1, 99))
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_a_backup_under_load_has_every_file_that_it_refers_to(place: Place, long_form: bool) -> None:
    """Files go in without a pause while the backup is taken, and what is restored has the same bytes."""
    worker = place.deployment.worker()
    backup = place.path.with_name("busy.db")
    many = 60 if long_form else 8
    with running(worker):
        officer = Officer(worker.url, place.deployment)
        officer.recommend()
        before = [officer.attach(evidence(MIB, number)) for number in range(2)]
        with ThreadPoolExecutor(1) as threads:
            copying = threads.submit(place.run, "backup", backup)
            for number in range(2, many):
                officer.attach(evidence(MIB, number))
            copied = copying.result()
        assert copied.returncode == 0, copied.stderr
    restored = place.run("restore", backup, "--force")
    assert restored.returncode == 0, restored.stderr
    with running(worker):
        officer = Officer(worker.url, place.deployment)
        hashes = officer.evidence()
        assert set(before) <= set(hashes)
        for sha256 in hashes:
            assert hashlib.sha256(officer.download(sha256)).hexdigest() == sha256
    checked = place.run("audit", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_full_deployment_tells_before_refuses_plainly_and_loses_nothing(place: Place) -> None:
    server = saferplan(place.deployment.database_url, place.deployment.log, SAFERPLAN_FILES_MIB="10")
    with running(server):
        officer = Officer(server.url, place.deployment)
        officer.recommend()
        content = evidence(8 * MIB + MIB // 2, 1)
        stored = officer.upload(content).json()
        assert stored["room_warning"].startswith("Files take up 8.5 MiB of the 10 MiB")
        sha256 = officer.attach(content)
        refused = officer.upload(evidence(2 * MIB, 2))
        assert (refused.status_code, refused.json()["code"]) == (507, "files_full")
        assert "There is no room for this file" in refused.json()["detail"]
        assert officer.download(sha256) == content
        small = officer.attach(evidence(MIB, 3))
        assert officer.evidence() == [sha256, small], "what there is room for still goes in"
        assert place.post(server, 1).status_code == 201, "nothing else stops"
