export interface RosterObject {
  region: string;
  bucket: string;
  key: string;
  /** Of a service that is not AWS's own, and knows no host name for each bucket. */
  endpoint?: string | undefined;
}

/** Where the object is asked for. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
export function toObjectUrl({ region, bucket, key, endpoint }: RosterObject): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  if (endpoint !== undefined) return `${endpoint}/${bucket}/${path}`;
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  // S3's certificate is for one label before its own name.
  return bucket.includes(".")
    ? `https://s3.${region}.${domain}/${bucket}/${path}`
    : `https://${bucket}.s3.${region}.${domain}/${path}`;
}
