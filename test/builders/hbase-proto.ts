import protobuf from 'protobufjs'

// The writing side of HBase's Client.proto and RPC.proto, as a server sees it; the collector codes it by hand.
const TEXT = `
syntax = "proto2";
message UserInformation { required string effective_user = 1; }
message ConnectionHeader {
  optional UserInformation user_info = 1;
  optional string service_name = 2;
  optional string cell_block_codec_class = 3;
}
message CellBlockMeta { optional uint32 length = 1; }
message RequestHeader {
  optional uint32 call_id = 1;
  optional string method_name = 3;
  optional bool request_param = 4;
  optional CellBlockMeta cell_block_meta = 5;
  optional uint32 priority = 6;
  optional uint32 timeout = 7;
}
message ExceptionResponse {
  optional string exception_class_name = 1;
  optional string stack_trace = 2;
  optional string hostname = 3;
  optional int32 port = 4;
  optional bool do_not_retry = 5;
}
message ResponseHeader {
  optional uint32 call_id = 1;
  optional ExceptionResponse exception = 2;
  optional CellBlockMeta cell_block_meta = 3;
}
message NameBytesPair { required string name = 1; optional bytes value = 2; }
message RegionSpecifier { required uint32 type = 1; required bytes value = 2; }
message MutationProto {
  optional bytes row = 1;
  optional uint32 mutate_type = 2;
  optional uint64 timestamp = 4;
  repeated NameBytesPair attribute = 5;
  optional uint32 durability = 6;
  optional int32 associated_cell_count = 8;
  optional uint64 nonce = 9;
}
message Action { optional uint32 index = 1; optional MutationProto mutation = 2; }
message RegionAction {
  required RegionSpecifier region = 1;
  optional bool atomic = 2;
  repeated Action action = 3;
}
message MultiRequest { repeated RegionAction regionAction = 1; optional uint64 nonceGroup = 2; }
message Result { optional int32 associated_cell_count = 2; }
message ResultOrException {
  optional uint32 index = 1;
  optional Result result = 2;
  optional NameBytesPair exception = 3;
}
message RegionActionResult { repeated ResultOrException resultOrException = 1; optional NameBytesPair exception = 2; }
message MultiResponse { repeated RegionActionResult regionActionResult = 1; optional bool processed = 2; }
`

const root = protobuf.parse(TEXT).root

export interface Mutation {
  mutateType: number
  associatedCellCount: number
  nonce?: number
  attribute: { name: string; value: Buffer }[]
}

export interface MultiRequest {
  regionAction: { region: { value: Buffer }; action: { index: number; mutation: Mutation }[] }[]
  nonceGroup?: number
}

export interface JavaException {
  name: string
  value: Buffer
}

export interface RegionActionResult {
  resultOrException?: { index: number; result?: object; exception?: JavaException }[]
  exception?: JavaException
}

export interface RequestHeader {
  callId: number
  methodName: string
  requestParam: boolean
  cellBlockMeta?: { length: number }
  timeout?: number
}

/** Length first, as the parts of a frame have it. */
export function decodeDelimited<T>(name: string, bytes: Uint8Array): { message: T; rest: Buffer } {
  const reader = protobuf.Reader.create(bytes)
  const message = root.lookupType(name).decodeDelimited(reader)
  return { message: plain<T>(name, message), rest: Buffer.from(bytes.subarray(reader.pos)) }
}

export function decode<T>(name: string, bytes: Uint8Array): T {
  return plain<T>(name, root.lookupType(name).decode(bytes))
}

function plain<T>(name: string, message: protobuf.Message): T {
  return root.lookupType(name).toObject(message, { arrays: true, longs: Number }) as T
}

export function encode(name: string, message: object): Buffer {
  return root.lookupType(name).encode(root.lookupType(name).fromObject(message)).finish() as Buffer
}

export function encodeDelimited(name: string, message: object): Buffer {
  const type = root.lookupType(name)
  return type.encodeDelimited(type.fromObject(message)).finish() as Buffer
}

/** An exception as servers send it. */
export function javaException(name: string, text = 'text'): JavaException {
  return {
    name: `org.apache.hadoop.hbase.${name}`,
    value: Buffer.from(`org.apache.hadoop.hbase.${name}: ${text}\n\tat X`),
  }
}
