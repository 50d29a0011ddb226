/**
 * How often the queue hands a message out before SQS itself moves it to the dead-letter queue. The drain decides
 * sooner for every message that it can read and backs off between tries, so this only ends what kills the
 * function each time.
 */
export const maxReceiveCount = 50;

/**
 * From this receive on, a message that waits for somebody or something else to be mended is sent to its queue anew, with
 * its count at zero: an outage of days must not fill the dead-letter queue, nor may the message grow too old for SQS.
 */
export const renewFromReceive = 40;

/**
 * SQS holds a new message back for 15 minutes at most. One that has to wait for longer is put off once more as it stands, up
 * to this receive: a few are left then for what SQS hands out and no invocation comes to report.
 */
export const renewAnywayFromReceive = 45;
