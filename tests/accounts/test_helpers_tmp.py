from tests.support import build
from tests.support.api import Api

def test_it(api: Api):
    c = build.client(api)
    k = api.as_client(c["id"])
    me = k.ok(k.get("/v1/me"))
    assert me["type"] == "client" and me["id"] == c["id"], me
    assert api.as_client(c["id"]).get("/v1/clients").json()["items"][0]["id"] == c["id"]
    l = api.as_login("coach")
    assert l.ok(l.get("/v1/me"))["role"] == "coach"
    o = api.signed_in()
    assert o.ok(o.get("/v1/me"))["role"] == "owner"
