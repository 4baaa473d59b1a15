import type { empty as english } from '../en/empty.js'

export const empty: Record<keyof typeof english, string> = {
  'empty.agents.title': '아직 연결된 에이전트가 없습니다',
  'empty.agents.do':
    '에이전트를 이곳에 연결하세요. 아래 줄을 에이전트의 pinpoint.config에 넣고, 애플리케이션의 명령행에 옵션을 추가한 뒤 다시 시작하면 이 화면에 자동으로 나타납니다.',
  'empty.agents.config': 'pinpoint.config',
  'empty.agents.options': 'Java 옵션',
  'empty.agents.host':
    '주소는 이 페이지를 연 주소입니다. 애플리케이션이 다른 호스트에서 실행된다면 그곳에서 접근할 수 있는 이 호스트의 주소를 쓰세요. 이 호스트의 이름은 {host}입니다.',
  'empty.agents.reader':
    '이 페이지를 제공하는 프로세스는 저장소를 읽기만 합니다. 저장소에 기록하는 컬렉터의 주소를 쓰고, 포트가 여기의 설정과 다르면 그 포트를 쓰세요.',
  'empty.agents.debug': '연결되었는데 보이지 않는 에이전트는 {link}에서 이유를 확인할 수 있습니다.',
  'empty.agents.waiting': '첫 에이전트를 기다리는 중…',
  'empty.choose.title': '애플리케이션을 선택하세요',
  'empty.choose.do': '서버 맵은 누가 이 애플리케이션을 호출하고 이 애플리케이션이 무엇을 호출하는지 보여 줍니다.',
  'empty.map.title': '이 기간에 요청이 없습니다',
  'empty.map.do':
    '{from}부터 {to}까지 {application}에 호출이 없었습니다. 더 긴 기간을 선택하거나 요청을 보내 보세요. 실시간 모드에서는 몇 초 안에 나타납니다.',
  'empty.map.longer': '최근 {period} 보기',
  'empty.application.title': '{application}: 알 수 없는 애플리케이션입니다',
  'empty.application.do':
    '그 이름과 유형으로 보고한 에이전트가 없습니다. 다른 애플리케이션을 선택하거나 에이전트 설정을 확인하세요.',
  'empty.scatter': '이 기간에 요청이 없습니다',
  'empty.transactions.title': '이 영역에 트랜잭션이 없습니다',
  'empty.transactions.do': '차트로 돌아가 더 넓은 영역을 그리세요.',
  'empty.noSelection.title': '선택된 영역이 없습니다',
  'empty.noSelection.do': '서버 맵의 산점도에서 영역을 끌어 선택하면 트랜잭션이 여기에 표시됩니다.',
  'empty.stat': '이 기간에 측정된 값이 없습니다',
  'empty.inspector.title': '이 기간에 실행된 {application}의 에이전트가 없습니다',
  'empty.inspector.do': '더 길거나 더 이른 기간을 선택하세요.',
}
