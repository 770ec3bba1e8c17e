"""What the server of models serves: repositories, their revisions and files, and the bytes of each file.

A repository is a folder, or a giant model that exists as a formula only (giants.py). Standard library only, giants excepted.
"""
import hashlib
import json
import os
import threading

# What the hub keeps outside git, by name; any file of more than LARGE bytes is kept so as well.
LFS_ENDINGS = (
    ".safetensors", ".gguf", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".onnx", ".npz", ".model", ".zip", ".parquet")
LARGE = 10 * 1000 * 1000


class DiskContent:
    """The bytes of a file on disk. Hashes are computed at the first question, at about a gigabyte a second."""

    def __init__(self, path):
        self.path = path
        self.size = os.stat(path).st_size
        self._lock = threading.Lock()
        self._hashes = {}

    def read(self, offset, count):
        with open(self.path, "rb") as file:
            file.seek(offset)
            return file.read(count)

    def digest(self, kind, prefix=b""):
        with self._lock:
            if (kind, prefix) not in self._hashes:
                hasher = hashlib.new(kind, prefix)
                with open(self.path, "rb") as file:
                    while block := file.read(1 << 20):
                        hasher.update(block)
                self._hashes[kind, prefix] = hasher.hexdigest()
            return self._hashes[kind, prefix]


class MemoryContent:
    """A few bytes."""

    def __init__(self, data):
        self.data, self.size = data, len(data)

    def read(self, offset, count):
        return self.data[offset : offset + count]

    def digest(self, kind, prefix=b""):
        return hashlib.new(kind, prefix + self.data).hexdigest()


class File:
    """A file of a revision. `oid` is git's id of what git keeps: the file itself, or the pointer of a file in LFS."""

    def __init__(self, name, content):
        self.name, self.content, self.size = name, content, content.size
        self.in_lfs = name.endswith(LFS_ENDINGS) or self.size > LARGE
        if self.in_lfs:
            self.sha256 = content.digest("sha256")
            pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n".encode()
            self.pointer_size = len(pointer)
            self.oid = MemoryContent(pointer).digest("sha1", b"blob %d\0" % len(pointer))
        else:
            self.oid = content.digest("sha1", b"blob %d\0" % self.size)

    @property
    def etag(self):
        """The ETag that the hub gives: the SHA-256 of a file in LFS, git's id of any other."""
        return '"' + (self.sha256 if self.in_lfs else self.oid) + '"'

    @property
    def store_etag(self):
        """The ETag that the host of LFS gives. The hub's stores have their own, so a client must not hold the two to be equal."""
        return '"' + hashlib.md5(self.sha256.encode()).hexdigest() + '-3"'

    def entry(self):
        entry = {"type": "file", "oid": self.oid, "size": self.size, "path": self.name}
        if self.in_lfs:
            entry["lfs"] = {"oid": self.sha256, "size": self.size, "pointerSize": self.pointer_size}
        return entry


class Revision:
    """Files under a commit id, which is a function of their names and contents."""

    def __init__(self, files):
        self.files = {file.name: file for file in sorted(files, key=lambda file: file.name)}
        names = "\n".join(f"{file.oid} {name}" for name, file in self.files.items())
        self.commit = hashlib.sha1(names.encode()).hexdigest()

    def entries(self, folder="", recursive=True):
        """What the tree of a folder lists: files and folders in the order of their paths."""
        inside = folder + "/" if folder else ""
        entries, folders = [], set()
        for name, file in self.files.items():
            if not name.startswith(inside):
                continue
            parts = name[len(inside) :].split("/")
            for depth in range(1, len(parts) if recursive else min(len(parts), 2)):
                folders.add(inside + "/".join(parts[:depth]))
            if recursive or len(parts) == 1:
                entries.append(file.entry())
        for path in folders:
            oid = hashlib.sha1(path.encode()).hexdigest()
            entries.append({"type": "directory", "oid": oid, "size": 0, "path": path})
        return sorted(entries, key=lambda entry: entry["path"])

    @staticmethod
    def of_folder(folder):
        files = []
        for here, folders, names in os.walk(folder, followlinks=True):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = os.path.join(here, name)
                if os.path.isfile(path) and name != "hub.json":
                    files.append(File(os.path.relpath(path, folder), DiskContent(path)))
        return Revision(files)

    @staticmethod
    def of_giant(description):
        import giants

        return Revision([File(name, content) for name, content in giants.model(**description).items()])


class Repository:
    """One model on the hub.

    settings (all optional):
      folder      its files                            giant       a model by formula instead: {"shape": "7b", "seed": 1, "noise": 0.1, …}
      revisions   {name: folder}, beside main          moved       the name under which it is today; nothing else is read
      gated       files only for tokens of `readers`   private     nothing at all without such a token
      readers     tokens that may read it; default: ["hf_reader"]
    """

    def __init__(self, name, settings):
        self.name, self.settings = name, settings
        self.moved = settings.get("moved")
        self.gated, self.private = settings.get("gated", False), settings.get("private", False)
        self.readers = settings.get("readers", ["hf_reader"])
        self._revisions, self._lock = {}, threading.Lock()

    def revision(self, name):
        """The revision of a branch, a tag or a full commit id; nil if there is none. Files are listed at the first question."""
        with self._lock:
            others = self.settings.get("revisions", {})
            for known in ["main", *others] if name not in others else [name]:
                if known not in self._revisions:
                    giant = self.settings.get("giant") if known == "main" else None
                    self._revisions[known] = (
                        Revision.of_giant(giant) if giant else Revision.of_folder(others.get(known, self.settings.get("folder"))))
                if name in (known, self._revisions[known].commit):
                    return self._revisions[known]
        return None


def repositories_below(root):
    """ORG/NAME folders below a root, and what root/hub.json says of them or adds."""
    settings = {}
    for organisation in sorted(os.listdir(root)):
        if os.path.isdir(os.path.join(root, organisation)) and not organisation.startswith("."):
            for name in sorted(os.listdir(os.path.join(root, organisation))):
                folder = os.path.join(root, organisation, name)
                if os.path.isdir(folder):
                    settings[f"{organisation}/{name}"] = {"folder": folder}
    path = os.path.join(root, "hub.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for name, more in json.load(file).items():
                settings.setdefault(name, {}).update(more)
    return settings
