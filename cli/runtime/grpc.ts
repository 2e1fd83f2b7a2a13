import { createRequire } from "node:module";
import type { ChannelOptions } from "@grpc/grpc-js";
import type * as AnyPb from "google-protobuf/google/protobuf/any_pb";
import type * as EmptyPb from "google-protobuf/google/protobuf/empty_pb";
import type * as StructPb from "google-protobuf/google/protobuf/struct_pb";

// Only the messages of @pulumi/pulumi are loaded: the rest takes half a second.

/** Requires from Pulumi's own copy of the library, because messages of two copies do not mix. */
const ofPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const { Struct } = ofPulumi("google-protobuf/google/protobuf/struct_pb") as typeof StructPb;
export const { Empty } = ofPulumi("google-protobuf/google/protobuf/empty_pb") as typeof EmptyPb;
export const { Any } = ofPulumi("google-protobuf/google/protobuf/any_pb") as typeof AnyPb;

/** Options without a limit of size, as states may be large, and without a proxy, as all calls are local. */
export const CHANNEL: ChannelOptions = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
  "grpc.enable_http_proxy": 0,
};

export type Properties = Readonly<Record<string, unknown>>;

export function struct(properties: Properties): StructPb.Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function plain(properties: StructPb.Struct | undefined): Properties {
  return properties?.toJavaScript() ?? {};
}
