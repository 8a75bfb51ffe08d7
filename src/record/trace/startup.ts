/**
 * The start-up file of `record --trace`: Python imports `sitecustomize` before a program (https://docs.python.org/3/library/site.html).
 * It listens to audit events (PEP 578) and writes a line for each new file; whatever fails in it is passed over, and one that is
 * installed runs behind it. The file that it writes to is opened for each line: a descriptor of ours could be closed and given away.
 */

/** Lines of one process, and characters of one path: also checked where they are read. */
export const MAX_LINES = 20_000;
export const MAX_PATH = 4096;

/** `roots`: the directory of the run, by its names. */
export const startupFile = (roots: readonly string[]): string => `${HEAD}
    roots = (${roots.map((root) => `${pythonText(root.endsWith('/') ? root : `${root}/`)}, `).join('')})
    most, longest = ${MAX_LINES}, ${MAX_PATH}
${BODY}`;

/** A text as Python reads it, whatever the encoding of the file. */
function pythonText(text: string): string {
  const signs = [...text].map((sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return code < 127 && code > 31 && sign !== '"' && sign !== '\\' ? sign : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${signs.join('')}"`;
}

const HEAD = `import sys


def _trace(here):
    import os`;

const BODY = `    try:
        from _json import encode_basestring_ascii as text
    except ImportError:
        from json.encoder import encode_basestring_ascii as text
    state = {"file": "", "lines": 0}
    seen = set()
    getcwd, isabs, join, normpath = os.getcwd, os.path.isabs, os.path.join, os.path.normpath
    open_, write, close = os.open, os.write, os.close
    flags_ = os.O_WRONLY | os.O_APPEND | os.O_CREAT

    def line(words):
        file = open_(state["file"], flags_, 0o600)
        try:
            write(file, (words + "\\n").encode("ascii"))
        finally:
            close(file)

    def begin():
        import time
        state["file"] = join(here, "%d-%d.jsonl" % (os.getpid(), int(time.time() * 1e6)))
        state["lines"] = 0
        words = [str(word)[:longest] for word in getattr(sys, "orig_argv", [])[:64]]
        line('{"pid":%d,"parent":%d,"executable":%s,"prefix":%s,"cwd":%s,"version":%s,"words":[%s]}' % (
            os.getpid(), os.getppid(), text(sys.executable or ""), text(sys.prefix), text(getcwd()),
            text("%d.%d.%d" % sys.version_info[:3]), ",".join(text(word) for word in words)))

    def note(path, mode, flags):
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str) or len(path) > longest:
            return
        if mode is None:
            if flags & 3 != os.O_RDONLY or flags & getattr(os, "O_DIRECTORY", 0):
                return
        elif "w" in mode or "a" in mode or "x" in mode:
            return
        path = normpath(path if isabs(path) else join(getcwd(), path))
        if os.sep != "/":
            path = path.replace(os.sep, "/")
        if path in seen or len(seen) > 10 * most:
            return
        seen.add(path)
        if path.endswith(".pyc"):
            directory, _, name = path.rpartition("/")
            if directory.endswith("/__pycache__"):
                path = directory[:-11] + name.split(".", 1)[0] + ".py"
            else:
                path = path[:-1]
        at = max(path.rfind("/site-packages/"), path.rfind("/dist-packages/"))
        if at >= 0:
            if not path.endswith((".py", ".so", ".pyd")):
                return
            parts = path[at + 15:].split("/")
            key = path[:at + 15] + "/".join(parts[:-1][:3] or parts)
            if key in seen:
                return
            seen.add(key)
            kind = "package"
        elif not path.startswith(roots):
            return
        else:
            kind = "module" if path.endswith(".py") else "read"
            if (kind, path) in seen:
                return
            seen.add((kind, path))
        state["lines"] += 1
        if state["lines"] < most:
            line('{"%s":%s}' % (kind, text(path)))
        elif state["lines"] == most:
            line('{"cut":true}')

    def hook(event, args):
        if event != "open" and event != "import":
            return
        try:
            if event == "open":
                if args[0] != state["file"]:
                    note(*args)
            elif args[1] is not None:
                note(args[1], "r", 0)
        except Exception:
            pass

    begin()
    if hasattr(os, "register_at_fork"):
        def again():
            try:
                begin()
            except Exception:
                pass
        os.register_at_fork(after_in_child=again)
    if hasattr(sys, "addaudithook"):
        sys.addaudithook(hook)


def _next(here):
    import os
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


def _here():
    import os
    return os.path.dirname(os.path.abspath(__file__))


try:
    _trace(_here())
except Exception:
    pass
_next(_here())
`;
