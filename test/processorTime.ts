/**
 * The processor's time that synchronous work takes, in milliseconds. The clock's would tell how busy the machine is; this
 * only tells whether the work grows faster than it should.
 */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
