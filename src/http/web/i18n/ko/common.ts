import type { common as english } from '../en/common.js'

export const common: Record<keyof typeof english, string> = {
  'app.title': 'Pinpoint',
  'app.skip': '본문으로 건너뛰기',

  'picker.label': '애플리케이션',
  'picker.choose': '애플리케이션 선택',
  'picker.search': '애플리케이션 검색',
  'picker.none': '“{query}”와(과) 일치하는 애플리케이션이 없습니다.',
  'picker.count': '애플리케이션 {n}개',

  'time.label': '조회 기간',
  'time.last': '최근 {period}',
  'time.custom': '기간 지정',
  'time.from': '시작',
  'time.to': '끝',
  'time.apply': '조회',
  'time.earlier': '이전 기간',
  'time.later': '다음 기간',
  'time.refresh': '현재 시각까지 새로 고침',
  'time.realtime': '실시간',
  'time.realtimeHint': '최근 5분을 계속 따라갑니다',
  'time.backwards': '끝 시각은 시작 시각보다 늦어야 합니다.',
  'time.tooLong': '한 번에 최대 2일까지 조회할 수 있습니다.',

  'settings.theme': '색상',
  'settings.theme.auto': '시스템 설정',
  'settings.theme.light': '밝게',
  'settings.theme.dark': '어둡게',
  'settings.language': '언어',
  'settings.help': '단축키',

  'nav.map': '서버 맵',
  'nav.inspector': '인스펙터',
  'nav.back': '뒤로',

  'state.loading': '불러오는 중…',
  'state.retry': '다시 시도',
  'state.cut': '최신 {n}건만 표시합니다. 나머지를 보려면 더 짧은 기간이나 더 작은 영역을 선택하세요.',

  'error.unreachable': '컬렉터가 응답하지 않습니다',
  'error.unreachable.do':
    '컬렉터가 중지되었거나 다시 시작하는 중이거나, 네트워크가 끊겼을 수 있습니다. 로그와 /health/ready를 확인한 뒤 다시 시도하세요.',
  'error.unauthorized': '비밀번호가 없거나 틀렸습니다',
  'error.unauthorized.do':
    '페이지를 새로 고치고 http.password의 비밀번호를 입력하세요. 사용자 이름은 아무 값이나 됩니다.',
  'error.refused': '요청이 거부되었습니다',
  'error.refused.do': '더 짧은 기간이나 다른 애플리케이션을 선택한 뒤 다시 시도하세요.',
  'error.failed': '컬렉터가 답하지 못했습니다',
  'error.failed.do': '/health/ready에서 저장소를 읽을 수 있는지, 로그에서 자세한 내용을 확인한 뒤 다시 시도하세요.',

  copy: '복사',
  copied: '복사됨',

  'keys.title': '단축키',
  'keys.close': '닫기',
  'keys.search': '애플리케이션 선택',
  'keys.refresh': '새로 고침',
  'keys.realtime': '실시간 켜기/끄기',
  'keys.range': '이전 기간, 다음 기간',
  'keys.move': '맵, 목록, 트리에서 이동',
  'keys.enter': '포커스된 항목 열기',
  'keys.tree': '호출 접기, 펼치기',
  'keys.find': '호출 트리에서 검색',
  'keys.help': '이 목록',
}
