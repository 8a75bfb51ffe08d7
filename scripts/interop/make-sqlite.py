"""Databases that only a real SQLite leaves behind: a write-ahead log that is not in the file yet, and a journal of a change
that was never finished. usage: python3 scripts/interop/make-sqlite.py test/fixtures/sqlite (any Python 3, standard library)"""

import os
import shutil
import sqlite3
import sys
import tempfile

goal = sys.argv[1]
os.makedirs(goal, exist_ok=True)
work = tempfile.mkdtemp()


def keep(*names):
    for name in names:
        shutil.copy(os.path.join(work, name), os.path.join(goal, name))


# Three commits in the log: one that adds, one that changes, one that makes the table longer than the file.
path = os.path.join(work, "wal.db")
connection = sqlite3.connect(path, isolation_level=None)
connection.execute("pragma page_size=512")
connection.execute("pragma journal_mode=wal")
connection.execute("pragma wal_autocheckpoint=0")
connection.execute("create table t(id integer primary key, a text)")
connection.execute("insert into t values (1, 'in the file')")
connection.execute("pragma wal_checkpoint(truncate)")
connection.execute("insert into t values (2, 'in the log')")
connection.execute("update t set a = 'changed in the log' where id = 1")
connection.execute("begin")
connection.executemany("insert into t values (?, ?)", [(10 + i, "row %d " % i + "x" * 100) for i in range(12)])
connection.execute("commit")
# A change that is written to the log and never committed.
connection.execute("pragma cache_size=2")
connection.execute("begin")
connection.executemany("insert into t values (?, ?)", [(100 + i, "never committed " + "y" * 300) for i in range(20)])
keep("wal.db", "wal.db-wal")
connection.execute("rollback")
connection.close()

# A journal whose change was under way.
path = os.path.join(work, "journal.db")
connection = sqlite3.connect(path, isolation_level=None)
connection.execute("pragma page_size=512")
connection.execute("create table t(a text)")
connection.execute("insert into t values ('before')")
connection.execute("pragma cache_size=2")
connection.execute("begin")
connection.executemany("insert into t values (?)", [("under way " + "z" * 300,) for _ in range(20)])
keep("journal.db", "journal.db-journal")
connection.execute("rollback")
connection.close()
shutil.rmtree(work)
