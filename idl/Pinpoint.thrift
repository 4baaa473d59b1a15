// Agent info and statistics (spec: wire.md §4.1, §4.2). Comments at a field name the first agent version that has it.

enum TJvmGcType {
  UNKNOWN = 0
  SERIAL = 1
  PARALLEL = 2
  CMS = 3
  G1 = 4
}

struct TServiceInfo {
  1: optional string serviceName
  2: optional list<string> serviceLibs
}

struct TServerMetaData {
  1: optional string serverInfo
  2: optional list<string> vmArgs
  10: optional list<TServiceInfo> serviceInfos
}

// 1.5.1
struct TJvmInfo {
  1: i16 version = 0
  2: optional string vmVersion
  3: optional TJvmGcType gcType = 0
}

struct TAgentInfo {
  1: string hostname
  2: string ip
  3: string ports
  4: string agentId
  5: string applicationName
  6: i16 serviceType
  7: i32 pid
  8: string agentVersion
  9: string vmVersion
  10: i64 startTimestamp
  11: optional i64 endTimestamp
  12: optional i32 endStatus
  20: optional TServerMetaData serverMetaData
  30: optional TJvmInfo jvmInfo
  40: optional bool container               // 1.8.0
  50: optional string agentName             // 2.3.0
}

struct TJvmGcDetailed {
  1: optional i64 jvmGcNewCount
  2: optional i64 jvmGcNewTime
  3: optional double jvmPoolCodeCacheUsed
  4: optional double jvmPoolNewGenUsed
  5: optional double jvmPoolOldGenUsed
  6: optional double jvmPoolSurvivorSpaceUsed
  7: optional double jvmPoolPermGenUsed
  8: optional double jvmPoolMetaspaceUsed
}

struct TJvmGc {
  1: TJvmGcType type = 0
  2: i64 jvmMemoryHeapUsed
  3: i64 jvmMemoryHeapMax
  4: i64 jvmMemoryNonHeapUsed
  5: i64 jvmMemoryNonHeapMax
  6: i64 jvmGcOldCount
  7: i64 jvmGcOldTime
  8: optional TJvmGcDetailed jvmGcDetailed
}

struct TCpuLoad {
  1: optional double jvmCpuLoad
  2: optional double systemCpuLoad
}

struct TTransaction {
  2: optional i64 sampledNewCount
  3: optional i64 sampledContinuationCount
  4: optional i64 unsampledNewCount
  5: optional i64 unsampledContinuationCount
  6: optional i64 skippedNewCount           // 1.8.5
  7: optional i64 skippedContinuationCount  // 1.8.5
}

struct TActiveTraceHistogram {
  1: i16 version = 0
  2: optional i32 histogramSchemaType
  3: optional list<i32> activeTraceCount
}

struct TActiveTrace {
  1: optional TActiveTraceHistogram histogram
}

// 1.6.1
struct TDataSource {
  1: i32 id
  2: optional i16 serviceTypeCode
  3: optional string databaseName
  4: optional string url
  5: optional i32 activeConnectionSize = 0
  6: optional i32 maxConnectionSize
}

// 1.6.1
struct TDataSourceList {
  1: list<TDataSource> dataSourceList
}

// 1.7.0
struct TResponseTime {
  1: optional i64 avg
  2: optional i64 max                       // 1.7.2
}

// 1.7.0
struct TDeadlock {
  1: optional i32 deadlockedThreadCount
  2: optional list<TThreadDump> deadlockedThreadList
}

// 1.8.0
struct TFileDescriptor {
  1: i64 openFileDescriptorCount
}

// 1.8.0
struct TDirectBuffer {
  1: optional i64 directCount
  2: optional i64 directMemoryUsed
  3: optional i64 mappedCount
  4: optional i64 mappedMemoryUsed
}

// 2.0.3
struct TTotalThreadCount {
  1: i64 totalThreadCount
}

// 2.1.0
struct TLoadedClass {
  1: i64 loadedClassCount
  2: i64 unloadedClassCount
}

struct TAgentStat {
  1: optional string agentId
  2: optional i64 startTimestamp
  3: optional i64 timestamp
  4: optional i64 collectInterval
  10: optional TJvmGc gc
  20: optional TCpuLoad cpuLoad
  30: optional TTransaction transaction
  40: optional TActiveTrace activeTrace
  50: optional TDataSourceList dataSourceList       // 1.6.1
  60: optional TResponseTime responseTime           // 1.7.0
  70: optional TDeadlock deadlock                   // 1.7.0
  80: optional TFileDescriptor fileDescriptor       // 1.8.0
  90: optional TDirectBuffer directBuffer           // 1.8.0
  100: optional TTotalThreadCount totalThreadCount  // 2.0.3
  110: optional TLoadedClass loadedClass            // 2.1.0
  200: optional string metadata
}

struct TAgentStatBatch {
  1: string agentId
  2: i64 startTimestamp
  10: list<TAgentStat> agentStats
}
