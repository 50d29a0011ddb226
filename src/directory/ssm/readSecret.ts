import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";

/**
 * Reads a secret of the SSM Parameter Store: a SecureString by its whole name. Nothing is remembered here, because the caller reads it
 * anew only when it was refused. Throws what the SDK throws.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function readSecret(ssm: Pick<SSMClient, "send">, name: string): Promise<string> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  if (Parameter?.Value === undefined)
    throw new Error(`expected the parameter ${name} to have a value; got none`);
  return Parameter.Value;
}
