import type { EvidenceFile, FiledEvidence, GateFiling } from "../engine/filing.ts";

/** A filing that keeps its files, for tests of what is filed. */
export interface MemoryFiling extends GateFiling {
  readonly files: ReadonlyMap<string, EvidenceFile>;
  readonly ending: () => Parameters<GateFiling["end"]>[0] | null;
}

/** Starts it; `refuse` throws for the files that cannot be written. */
export function memoryFiling(refuse: (name: string) => void = () => undefined): MemoryFiling {
  const files = new Map<string, EvidenceFile>();
  let ending: Parameters<GateFiling["end"]>[0] | null = null;
  return {
    folder: "memory",
    files,
    ending: () => ending,
    file: async (file): Promise<FiledEvidence> => {
      refuse(file.name);
      files.set(file.name, file);
      const { text, ...described } = file;
      return { ...described, sha256: "0", bytes: text.length, commit: null, target: "", atMs: 0 };
    },
    note: () => undefined,
    end: async (given) => {
      ending = given;
    },
  };
}
