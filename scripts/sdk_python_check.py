"""What a user of splunklib does, against the server whose addresses are in the environment."""

import os
import time

import splunklib.client as client
import splunklib.results as results

PORT = int(os.environ["HEADSTAND_PORT"])
PASSWORD = os.environ["HEADSTAND_PASSWORD"]
RULE = os.environ["HEADSTAND_RULE"]


def rows(answer):
    return [row for row in results.JSONResultsReader(answer) if isinstance(row, dict)]


def check(what, found, expected):
    assert found == expected, f"{what}: {found!r} is not {expected!r}"
    print(f"ok  {what}")


def refused(what, job, kind):
    try:
        job()
    except kind as error:
        print(f"ok  {what}: {error}")
    else:
        raise AssertionError(f"{what}: nothing was raised")


def main():
    connection = {"host": "127.0.0.1", "port": PORT, "username": "admin"}
    service = client.connect(password=PASSWORD, **connection)
    check("version", service.info["version"].split(".")[0], "10")
    refused("wrong password", lambda: client.connect(password="wrong", **connection), client.AuthenticationError)

    numbers = "| makeresults count=25 | eval n=1 | accum n | table n"
    expected = [{"n": str(n)} for n in range(1, 26)]
    check("oneshot", rows(service.jobs.oneshot(numbers, output_mode="json")), expected)
    check("export", rows(service.jobs.export(numbers, output_mode="json")), expected)

    job = service.jobs.create(numbers, exec_mode="blocking")
    check("blocking", (job["isDone"], job["resultCount"]), ("1", "25"))
    pages = [rows(job.results(count=10, offset=offset, output_mode="json")) for offset in (0, 10, 20)]
    check("pages", [len(page) for page in pages], [10, 10, 5])
    check("rows of the pages", sum(pages, []), expected)
    job.cancel()

    job = service.jobs.create(numbers)
    while not job.is_done():
        time.sleep(0.05)
    check("normal", rows(job.preview(output_mode="json")), expected)
    check("search.log", b"dispatchRunner" in job.searchlog().read(), True)
    job.cancel()
    refused("unknown command", lambda: service.jobs.create("| abcd"), client.HTTPError)

    check("index", "main" in [index.name for index in service.indexes], True)
    found = rows(service.jobs.oneshot(RULE, output_mode="json", count=0))
    check("rows of the seed rule", len(found) > 0, True)
    print(f"    {len(found)} rows, the first: {dict(found[0])}")


if __name__ == "__main__":
    main()
