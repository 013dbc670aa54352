import time
from tests.imports.logs import *
import collections
from datetime import UTC, datetime
def test_smoke(api, database, clock):

    src = Path('/work/shared/data')
    for name, f in {"jbhunt": src/"jbhunt_jsdata.csv","joecullin": src/"joecullin_events.json","timhanneman": src/"timhanneman_merged.csv"}.items():
        c = build.client(api, time_zone="America/New_York", region="US")["id"]
        before = everything(database, api)
        t=time.time(); p = preview(api, f.read_bytes(), c); t1=time.time()
        assert everything(database, api) == before
        d = commit(api, p); t2=time.time()
        print(name, p["counts"], d["counts"], f"{t1-t:.2f} {t2-t1:.2f}", statuses(api, c, as_of="2026-11-23T12:00:00Z"), statuses(api,c))
        rr = rows(api, d)
        print(collections.Counter(r["action"] for r in rr), collections.Counter(k for r in rr for k in codes(r)))
        for r in rr:
            if r["action"]!="create": print("  ", r["number"], r["action"], r["values"]["company"], r["values"]["title"], codes(r), [(i["kind"],i["occurred_at"][:10],i["new"]) for i in r["values"]["interactions"]], [x["message"] for x in r["problems"]])
        mid = everything(database, api)
        again = preview(api, f.read_bytes(), c); print(again["counts"])
        assert again["counts"]["skip"] == again["counts"]["rows"]
        commit(api, again)
        assert everything(database, api) == mid
        undo(api, again)
        undo(api, d)
        assert everything(database, api) == before
