import { afterEach, describe, expect, it } from "vitest";
import { arn, closeAll, codeDirectory, parsed, start } from "./startFixture.ts";

afterEach(closeAll);

describe("an invocation", () => {
  it("hands the event on as JSON and gives Lambda's context", async () => {
    const answer = parsed(await start().invoke({ action: "echo", at: new Date(0), gone: undefined }));
    expect(answer).toEqual({
      event: { action: "echo", at: "1970-01-01T00:00:00.000Z" },
      context: {
        callbackWaitsForEmptyEventLoop: true,
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionName: "act",
        functionVersion: "$LATEST",
        invokedFunctionArn: arn,
        logGroupName: "/aws/lambda/act",
        logStreamName: "local",
        memoryLimitInMB: "128",
      },
      remaining: expect.toSatisfy((left: number) => left > 0 && left <= 60_000),
    });
  });

  it("gives the process what Lambda gives, the function's own variables and nothing else", async () => {
    const { variables, directory, flags } = parsed(
      await start({ environment: { TABLE: "people" } }).invoke({ action: "environment" }),
    ) as { variables: Record<string, string>; directory: string; flags: string[] };
    expect(variables).toMatchObject({
      TABLE: "people",
      AWS_REGION: "eu-central-1",
      AWS_LAMBDA_FUNCTION_NAME: "act",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      LAMBDA_TASK_ROOT: codeDirectory,
      TZ: "UTC",
      _HANDLER: "functions/act.handler",
    });
    expect(
      Object.keys(variables).filter((name) => /^(HOME|VITEST|NODE_(ENV|OPTIONS)|npm_)/.test(name)),
    ).toEqual([]);
    expect({ directory, flags }).toEqual({
      directory: codeDirectory,
      flags: ["--max-old-space-size=115"],
    });
  });

  it.each([
    [
      "a Date, undefined and holes become JSON",
      { action: "date" },
      '{"at":"1970-01-01T00:00:00.000Z","list":[null]}',
    ],
    ["nothing becomes null", { action: "nothing" }, "null"],
  ])("answers with JSON text: %s", async (_title, event, payload) => {
    expect(await start().invoke(event)).toEqual({
      kind: "response",
      payload,
      durationMilliseconds: expect.any(Number),
    });
  });

  it("tells of each process as it starts, and of a warm one no more", async () => {
    const started: unknown[] = [];
    const lambda = start({ onProcess: (process) => started.push(process) });
    await Promise.all([lambda.invoke({ action: "nothing" }), lambda.invoke({ action: "nothing" })]);
    await lambda.invoke({ action: "nothing" });
    const told = lambda.environments.map((pid) => ({ functionName: "act", memoryMegabytes: 128, pid }));
    expect(told).toHaveLength(2);
    expect(started).toEqual(told);
  });

  it("runs CommonJS bundles and nested exports as well", async () => {
    const answers = [
      await start({ handler: "functions/common.handler" }).invoke({}),
      await start({ handler: "functions/act.nested.deep.handler" }).invoke({}),
    ];
    expect(answers.map(parsed)).toEqual([{ system: "function" }, "found"]);
  });
});

describe("other code", () => {
  it("runs in the execution environments that are chosen for it, with its own variables", async () => {
    const environments: number[] = [];
    const lambda = start({
      environment: { RELEASE: "present" },
      otherCode: (nth) =>
        nth === 2
          ? { codeDirectory, handler: "functions/common.handler", environment: { RELEASE: "previous" } }
          : undefined,
      onInvocation: ({ environment }) => environments.push(environment),
    });
    const ask = () => lambda.invoke({ action: "echo" });
    const answers = (await Promise.all([ask(), ask(), ask()])).map(parsed);
    expect(answers).toEqual([
      expect.objectContaining({ event: { action: "echo" } }),
      { system: "function" },
      expect.objectContaining({ event: { action: "echo" } }),
    ]);
    expect(environments).toEqual([1, 2, 3]);
  });

  it("is checked like the function's own", () => {
    const otherCode = () => ({
      codeDirectory: "/nowhere",
      handler: "functions/act.handler",
      environment: {},
    });
    return expect(start({ otherCode }).invoke({})).rejects.toThrow("/nowhere, which does not exist");
  });
});
