from time import perf_counter
from uuid import uuid4, UUID
from datetime import UTC, datetime
import psycopg
from service.erasure_file import Erased, ErasureFile
from tests.integration.conftest import Api
from tests.integration.erasures import GERMAN
def test_x(api, database_url):
    r = api.screen({"worker":{"name":"A B"}, **GERMAN})
    with psycopg.connect(database_url) as c:
        c.execute("insert into screening select gen_random_uuid(), gen_random_uuid(), tenant, actor, null, decision, stage, as_of, decided_at, clauses, lists from screening, generate_series(1, 50000)")
        ids=[x[0] for x in c.execute("select id from screening where reference is null limit 20000")]
    f=ErasureFile(api.service.config.audit_folder)
    f.append([Erased(id=uuid4(),entry_id=uuid4(),at=datetime.now(UTC),ground="objection",by=("account:"+str(uuid4()),),screenings=(i,)) for i in ids])
    e=api.service.erasures()
    t=perf_counter(); print("first", e.replay(), perf_counter()-t)
    t=perf_counter(); print("second", e.replay(), perf_counter()-t)
