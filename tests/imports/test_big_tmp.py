import time
from tests.imports.logs import *
from app.http import strict
from app.imports.schemas import ImportIn
import json
def test_big(api, database):
    head="Company,Title,Date applied,Interview date,Rejection date,Status,Notes,Recruiter,URL\n"
    lines=[f"Company {n%1700},Engineer {n},2025-{n%12+1:02}-{n%28+1:02},{'2025-12-%02d'%(n%28+1) if n%3==0 else ''},{'2026-01-%02d'%(n%28+1) if n%5==0 else ''},{['Applied','Ghosted','Rejected'][n%3]},Some notes of row {n},Pat {'ABCDEFGHIJ'[n%10]}uinn,https://jobs.example/{n}" for n in range(5000)]
    text=head+"\n".join(lines)
    c=build.client(api)["id"]
    t=time.time(); p=preview(api,text,c); t1=time.time(); d=commit(api,p); t2=time.time()
    print(len(text), p["counts"], f"preview {t1-t:.2f} commit {t2-t1:.2f}")
    t=time.time(); a=preview(api,text,c); t1=time.time(); commit(api,a); t2=time.time()
    print(a["counts"], f"again: preview {t1-t:.2f} commit {t2-t1:.2f}")
    t=time.time(); undo(api,d); print(f"undo {time.time()-t:.2f}")
    t=time.time(); body=json.dumps({"client_id":c,"content":text}).encode(); strict.parse_body(ImportIn,body); print("parse small", len(body), time.time()-t)
    for filler in ("a,b,c\n","x"*100, "é,\"q\"\n", "[{"):
        raw=json.dumps({"client_id":c,"content":(filler*(10*2**20//len(filler)))[:9*2**20]},ensure_ascii=False).encode()[:]
        t=time.time()
        try: strict.parse_body(ImportIn,raw)
        except Exception as e: print(repr(e))
        print(repr(filler[:6]), len(raw), f"{time.time()-t:.2f}")
