import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { PlatformUnderTest } from "./platform-under-test.ts";
import { startTestDatabase, type TestDatabase } from "./test-database.ts";

const START_LIMIT_MS = 60_000;

/** What the tests of one `describe` share. */
export interface DatabaseSuite {
  readonly database: TestDatabase;
}

/** One database, and a new platform for each test. */
export interface PlatformSuite extends DatabaseSuite {
  readonly platform: PlatformUnderTest;
}

/** Starts one database before the tests of the surrounding `describe`, and stops it after them. */
export function useDatabase(): DatabaseSuite {
  let started: TestDatabase | null = null;
  beforeAll(async () => {
    started = await startTestDatabase();
  }, START_LIMIT_MS);
  afterAll(async () => {
    await started?.[Symbol.asyncDispose]();
  });
  return {
    get database() {
      return running(started);
    },
  };
}

/** Like `useDatabase`, but each test begins with an empty database and a new platform. */
export function usePlatform(): PlatformSuite {
  const suite = useDatabase();
  let started: PlatformUnderTest | null = null;
  beforeEach(async () => {
    await suite.database.empty();
    started = await PlatformUnderTest.start(suite.database.url);
  });
  afterEach(async () => {
    await started?.[Symbol.asyncDispose]();
    started = null;
  });
  return {
    get database() {
      return suite.database;
    },
    get platform() {
      return running(started);
    },
  };
}

function running<T>(started: T | null): T {
  if (started === null)
    throw new Error("Expected a test or a hook of the suite to ask, got a call before its start.");
  return started;
}
