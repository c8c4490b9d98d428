import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { PROJECT_DIRECTORY } from "./directories.ts";

const ENTRY = "sdk/index.ts";

/** A public name, and where it is declared under which name. */
interface PublicName {
  readonly name: string;
  readonly declaration: ts.Statement;
  readonly source: ts.SourceFile;
}

/** Writes docs/api.md: every public name with its docstring and its declaration. */
export function documentApi(): string {
  const names = publicNames(ENTRY).toSorted(
    (one, other) => orderOf(one) - orderOf(other) || one.name.localeCompare(other.name),
  );
  return `# The public interface

What \`import { … } from "kanit"\` offers: all that other repositories may rely on. Made from \`${ENTRY}\` by
\`node project/generate-docs.ts\`. [Install kanit](install.md) says how to get there.

${names.map(section).join("\n")}`;
}

function orderOf({ declaration }: PublicName): number {
  if (ts.isFunctionDeclaration(declaration)) return 0;
  return ts.isClassDeclaration(declaration) || ts.isVariableStatement(declaration) ? 2 : 1;
}

function section({ name, declaration, source }: PublicName): string {
  const text = source.text.slice(declaration.getStart(source), declaration.end);
  const body = ts.isFunctionDeclaration(declaration) ? declaration.body : undefined;
  const code =
    body === undefined
      ? text
      : `${source.text.slice(declaration.getStart(source), body.getStart(source)).trimEnd()};`;
  const docs = ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc).map(prose);
  return `## ${name}\n\n${docs.map((doc) => `${doc}\n\n`).join("")}\`\`\`ts\n${code.replace(/^export /, "")}\n\`\`\`\n`;
}

function prose(doc: ts.JSDoc): string {
  const lines = doc
    .getText()
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n");
  const text = lines
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim();
  return text.replaceAll(/^@throws /gm, "Throws ").replaceAll(/^@param (\S+) /gm, "`$1`: ");
}

/** The names that a module exports, each with the statement that declares it. */
function publicNames(path: string): readonly PublicName[] {
  const source = parse(path);
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) return [];
    const { exportClause, moduleSpecifier } = statement;
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
    const from = join(dirname(path), (moduleSpecifier as ts.StringLiteral).text);
    return exportClause.elements.map(({ name, propertyName }) => ({
      name: name.text,
      ...declarationOf((propertyName ?? name).text, from),
    }));
  });
}

function declarationOf(name: string, path: string): Pick<PublicName, "declaration" | "source"> {
  const source = parse(path);
  const declaration = source.statements.find((statement) => namesOf(statement).includes(name));
  if (declaration !== undefined) return { declaration, source };
  const exported = publicNames(path).find((each) => each.name === name);
  if (exported === undefined) throw new RangeError(`Expected ${path} to export ${name}.`);
  return exported;
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function parse(path: string): ts.SourceFile {
  const text = readFileSync(join(PROJECT_DIRECTORY, path), "utf8");
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}
