// Commands to agents and between web and collector (spec: wire.md §4.4). Layouts of 1.6.1 and later where they changed;
// the two structs of 1.5.x and 1.6.0 that differ carry the suffix 15.

enum TThreadDumpType {
  TARGET = 0
  PENDING = 1
}

enum TThreadState {
  NEW = 0
  RUNNABLE = 1
  BLOCKED = 2
  WAITING = 3
  TIMED_WAITING = 4
  TERMINATED = 5
  UNKNOWN = 6        // 1.6.1
}

enum TRouteResult {
  OK = 0
  BAD_REQUEST = 200
  EMPTY_REQUEST = 201
  NOT_SUPPORTED_REQUEST = 202
  BAD_RESPONSE = 210
  EMPTY_RESPONSE = 211
  NOT_SUPPORTED_RESPONSE = 212
  TIMEOUT = 220
  NOT_FOUND = 230
  NOT_ACCEPTABLE = 240
  NOT_SUPPORTED_SERVICE = 241
  STREAM_CREATE_ERROR = 250   // 2.0
  UNKNOWN = -1
}

struct TMonitorInfo {
  1: i32 stackDepth
  2: string stackFrame
}

struct TThreadDump {
  1: string threadName
  2: i64 threadId
  3: i64 blockedTime
  4: i64 blockedCount
  5: i64 waitedTime
  6: i64 waitedCount
  7: string lockName
  8: i64 lockOwnerId
  9: string lockOwnerName
  10: bool inNative
  11: bool suspended
  12: TThreadState threadState
  13: list<string> stackTrace
  14: list<TMonitorInfo> lockedMonitors
  15: list<string> lockedSynchronizers
}

struct TThreadLightDump {
  1: string threadName
  2: i64 threadId
  3: optional TThreadState threadState
}

struct TCommandEcho {
  1: string message
} (encode)

struct TCommandThreadDump {
  1: TThreadDumpType type = 0
  2: optional string name
  3: optional i64 pendingTimeMillis
} (encode)

struct TCommandThreadDumpResponse {
  1: list<TThreadDump> threadDumps
}

struct TCmdActiveThreadCount {
} (encode)

struct TCmdActiveThreadCountRes {
  1: i32 histogramSchemaType
  2: list<i32> activeThreadCount
  3: optional i64 timeStamp
}

struct TCmdActiveThreadDump15 {
  1: optional i64 execTime
} (encode)

struct TActiveThreadDump15 {
  1: i64 execTime
  2: TThreadDump threadDump
}

struct TCmdActiveThreadDumpRes15 {
  1: list<TActiveThreadDump15> threadDumps
}

struct TCmdActiveThreadDump {
  1: optional i32 limit
  2: optional list<string> threadNameList
  3: optional list<i64> localTraceIdList
} (encode)

struct TActiveThreadDump {
  1: i64 startTime
  2: i64 localTraceId
  3: TThreadDump threadDump
  4: bool sampled
  5: optional string transactionId
  6: optional string entryPoint
}

struct TCmdActiveThreadDumpRes {
  1: list<TActiveThreadDump> threadDumps
  2: optional string type
  3: optional string subType
  4: optional string version
}

struct TCmdActiveThreadLightDump {
  1: optional i32 limit
  2: optional list<string> threadNameList
  3: optional list<i64> localTraceIdList
} (encode)

struct TActiveThreadLightDump {
  1: i64 startTime
  2: i64 localTraceId
  3: TThreadLightDump threadDump
  4: bool sampled
  5: optional string transactionId
  6: optional string entryPoint
}

struct TCmdActiveThreadLightDumpRes {
  1: list<TActiveThreadLightDump> threadDumps
  2: optional string type
  3: optional string subType
  4: optional string version
}

struct TCommandTransfer {
  1: string applicationName
  2: string agentId
  3: optional i64 startTime
  4: binary payload
} (encode)

struct TCommandTransferResponse {
  1: TRouteResult routeResult
  2: binary payload
  3: optional string message
} (encode)
