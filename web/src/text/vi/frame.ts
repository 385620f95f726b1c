/** Vietnamese: the frame around every page, signing in, and what goes wrong in between. */
export const frameWords = {
  'nav.today': 'Hôm nay',
  'nav.overview': 'Tổng quan',
  'nav.emergency': 'Khẩn cấp',
  'nav.compose': 'Soạn thông báo',
  'nav.compose-short': 'Soạn',
  'nav.bulletins': 'Bản tin',
  'nav.hours': 'Giờ và buổi phát',
  'nav.hours-short': 'Giờ phát',
  'nav.clusters': 'Loa',
  'nav.log': 'Nhật ký phát thanh',
  'nav.log-short': 'Nhật ký',
  'nav.more': 'Thêm',
  'nav.home': 'Trang đầu',

  'frame.skip': 'Đến nội dung chính',
  'frame.menu': 'Danh mục',
  'frame.person': 'Tài khoản: {{name}}',
  'frame.scheme-light': 'Nền sáng',
  'frame.scheme-dark': 'Nền tối',
  'frame.scheme-auto': 'Theo máy',
  'frame.sign-out': 'Đăng xuất',
  'frame.waiting': 'Đang tải…',

  'role.officer': 'Cán bộ truyền thanh',
  'role.department': 'Cấp tỉnh',
  'role.technician': 'Kỹ thuật',
  'role.auditor': 'Kiểm tra',

  'action.close': 'Đóng',
  'action.back': 'Quay lại',
  'action.cancel': 'Hủy',
  'action.look': 'Xem',
  'action.more': 'Xem thêm',

  'sign-in.title': 'Đăng nhập',
  'sign-in.line': 'Hệ thống loa truyền thanh',
  'sign-in.login': 'Tên đăng nhập',
  'sign-in.password': 'Mật khẩu',
  'sign-in.show-password': 'Hiện hoặc ẩn mật khẩu',
  'sign-in.send': 'Vào',

  'stale.since': 'Mất kết nối với máy chủ từ {{time}}.',
  'stale.never': 'Chưa kết nối được với máy chủ.',
  'stale.words': 'Số liệu có thể đã cũ. Loa vẫn phát theo lịch. Đang kết nối lại…',

  'failure.network': 'Không kết nối được với máy chủ. Xin kiểm tra mạng rồi thử lại.',
  'failure.unreadable': 'Máy chủ trả lời không đúng. Xin tải lại trang; nếu vẫn vậy, xin báo cho kỹ thuật.',

  'broken.title': 'Trang này không mở được',
  'broken.words': 'Có thể phần mềm vừa được cập nhật. Xin tải lại trang.',
  'broken.again': 'Thử lại',

  'clip.hear': 'Nghe: {{title}}',
  'clip.pause': 'Tạm dừng: {{title}}',
  'clip.position': 'Vị trí trong bài',
  'clip.failed': 'Chưa nghe được. Xin thử lại sau.',
} as const;
