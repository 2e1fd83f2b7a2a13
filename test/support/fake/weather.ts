import type { Fare } from "./story";
import type { Weather } from "./town";

/** Turns a fare into the fate of each call. */
export function weatherOf(fare: Fare, chance: () => number): Weather {
  const latency = () => 0.001 + 0.05 * chance();
  const fate: NonNullable<Weather["fate"]> = ({ number, host }) => {
    switch (fare.kind) {
      case "well":
        return "answered";
      case "killed":
        return number === fare.at ? "killed" : "answered";
      case "outage":
        return host === fare.host && number >= fare.from && number < fare.from + fare.calls ? "lost" : "answered";
      default:
        return fare.at.includes(number) ? fare.kind : "answered";
    }
  };
  return { latency, fate };
}
