"""A bot that trades only while Warmwire's gate is open. Python 3.9 or later, standard library only.

    WARMWIRE_URL=http://127.0.0.1:3456 WARMWIRE_TOKEN=... ORDERS_URL=http://127.0.0.1:9000/orders python3 bot.py

One rule: an order goes out only over a link whose gate is known to be open now. A stream that ended, an answer other than
200 and a stream that has been quiet for too long all mean that nothing is known: every gate is closed.
"""

import json
import os
import threading
import time
import urllib.request

WARMWIRE_URL = os.environ.get("WARMWIRE_URL", "http://127.0.0.1:3456")
ORDERS_URL = os.environ.get("ORDERS_URL", "http://127.0.0.1:9000/orders")
ORDER_EVERY_SECS = float(os.environ.get("ORDER_EVERY_MS", "100")) / 1000
# We ask for a sign of life every second, so three of them must have been missed.
HEARTBEAT_SECS = 1
QUIET_LIMIT_SECS = 3
RETRY_SECS = 0.5

# Links whose gate is open. Empty whenever we do not know.
open_links = set()
lock = threading.Lock()


def say(line):
    print(line, flush=True)


def take(name, gates):
    with lock:
        if name == "gates":
            open_links.clear()
        for gate in gates if isinstance(gates, list) else [gates]:
            link, is_open = gate["link"], gate["open"]
            if is_open == (link in open_links):
                continue
            (open_links.add if is_open else open_links.discard)(link)
            say(f"{link}: " + ("trading" if is_open else f"stopped, {gate['sentence']}"))


def follow():
    """Follows the gates until the stream is lost for whatever reason; raises then."""
    request = urllib.request.Request(
        f"{WARMWIRE_URL}/api/gate/stream?heartbeat_secs={HEARTBEAT_SECS}",
        headers={"Authorization": f"Bearer {os.environ.get('WARMWIRE_TOKEN', '')}"},
    )
    name = ""
    # The time limit holds for each read: a quiet stream ends with an exception.
    with urllib.request.urlopen(request, timeout=QUIET_LIMIT_SECS) as stream:
        for raw in stream:
            field, _, value = raw.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                take(name, json.loads(value))
    raise ConnectionError("the stream ended")


def send_orders():
    while True:
        with lock:
            links = list(open_links)
        for link in links:
            body = json.dumps({"link": link, "at": int(time.time() * 1000)}).encode()
            try:
                urllib.request.urlopen(urllib.request.Request(ORDERS_URL, data=body), timeout=5).close()
            except OSError as error:
                say(f"{link}: the order did not go out: {error}")
        time.sleep(ORDER_EVERY_SECS)


threading.Thread(target=send_orders, daemon=True).start()
while True:
    try:
        follow()
    except (OSError, ValueError) as error:
        with lock:
            open_links.clear()
        say(f"all stopped: {error}")
    time.sleep(RETRY_SECS)
