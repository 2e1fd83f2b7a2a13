export { writeMonitoring } from "./write";
export type { Monitored, MonitorOptions } from "./files";
