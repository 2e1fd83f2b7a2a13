// Containers, images and the Pulumi CLI take their time, the more so on a busy machine. In milliseconds.
jest.setTimeout(300_000);
