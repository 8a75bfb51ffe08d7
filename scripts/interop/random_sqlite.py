"""Random databases by Python's own SQLite, each with the rows that it gives. usage: random_sqlite.py DIR SEED COUNT
Leaves DIR/N.db, at times with a write-ahead log, and DIR/N.json with the rows of the table t. Standard library only."""

import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile

goal, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)


def value():
    return chance.choice([
        lambda: None,
        lambda: chance.randint(-(2**52), 2**52),
        lambda: chance.randint(-300, 300),
        lambda: chance.random() * 10 ** chance.randint(-20, 20),
        lambda: "".join(chance.choice("abc ä€𝄞\n'\"") for _ in range(chance.choice([0, 3, 40, 900, 9000]))),
    ])()  # fmt: skip


for n in range(count):
    work = tempfile.mkdtemp()
    path = os.path.join(work, "x.db")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma synchronous=off")
    connection.execute("pragma page_size=%d" % chance.choice([512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]))
    connection.execute("pragma encoding='%s'" % chance.choice(["UTF-8", "UTF-16le", "UTF-16be"]))
    connection.execute("pragma auto_vacuum=%d" % chance.randint(0, 2))
    log = chance.random() < 0.6
    if log:
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma wal_autocheckpoint=%d" % chance.choice([0, 3, 1000]))
    connection.execute("create table other(x, y)")
    connection.execute("create table t(%s, a, b text, c blob)" % chance.choice(["id integer primary key", "id integer primary key autoincrement"]))
    connection.execute("create index i on t(b)")
    for _ in range(chance.randint(0, 12)):
        step = chance.randint(0, 9)
        connection.execute("begin")
        if step < 6:
            for _ in range(chance.choice([1, 5, 200])):
                connection.execute("insert into t(a, b, c) values (?, ?, ?)", (value(), value(), value()))
                connection.execute("insert into other values (?, ?)", (value(), 1))
        elif step == 6:
            connection.execute("delete from t where id %% %d = 0" % chance.randint(2, 9))
        elif step == 7:
            connection.execute("update t set b = ? where id %% %d = 0" % chance.randint(2, 9), (value(),))
        elif step == 8:
            connection.execute("delete from other")
        connection.execute(chance.choice(["commit", "commit", "commit", "rollback"]))
        if chance.random() < 0.1:
            connection.execute("vacuum")
        if log and chance.random() < 0.1:
            connection.execute("pragma wal_checkpoint(%s)" % chance.choice(["passive", "truncate"]))
    rows = connection.execute("select id, a, b, c from t order by id").fetchall()
    shutil.copy(path, os.path.join(goal, "%d.db" % n))
    if os.path.exists(path + "-wal"):
        shutil.copy(path + "-wal", os.path.join(goal, "%d.db-wal" % n))
    with open(os.path.join(goal, "%d.json" % n), "w", encoding="utf-8") as file:
        json.dump(rows, file)
    connection.close()
    shutil.rmtree(work)
