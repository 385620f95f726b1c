/**
 * Why a command on a whole installation is refused, in words for who administers it. Nothing has been changed when one
 * of these is given.
 */
import type { Refusal } from '../refusal.ts';

export function folderNotEmpty(dataDir: string): Refusal {
  return {
    code: 'folder-not-empty',
    status: 409,
    vi: `Thư mục ${dataDir} không trống. Hãy chọn thư mục trống, hoặc chuyển dữ liệu cũ đi nơi khác.`,
    en: `The folder ${dataDir} is not empty. Choose an empty one, or move what is in it away.`,
  };
}

export const databaseNotEmpty: Refusal = {
  code: 'database-not-empty',
  status: 409,
  vi: 'Cơ sở dữ liệu này đã có dữ liệu của Loa. Hãy dùng cơ sở dữ liệu trống.',
  en: 'This database already holds an installation of Loa. Use an empty database.',
};

export function notInstalled(dataDir: string): Refusal {
  return {
    code: 'not-installed',
    status: 409,
    vi: `Chưa có hệ thống nào trong ${dataDir}. Hãy chạy lệnh init, hoặc restore từ bản sao lưu.`,
    en: `There is no installation in ${dataDir}. Run init, or restore a backup.`,
  };
}

export function unfinished(dataDir: string): Refusal {
  return {
    code: 'installation-unfinished',
    status: 409,
    vi: `Lệnh init hoặc restore trước đó trong ${dataDir} bị ngắt giữa chừng. Hãy chạy lại lệnh đó.`,
    en: `An earlier init or restore in ${dataDir} was interrupted. Run that command again.`,
  };
}

export function badBackup(problem: string): Refusal {
  return {
    code: 'bad-backup',
    status: 422,
    vi: `Bản sao lưu không dùng được, chưa thay đổi gì: ${problem}`,
    en: `The backup cannot be used; nothing was changed: ${problem}`,
  };
}

export function badRelease(vi: string, en: string): Refusal {
  return {
    code: 'bad-release',
    status: 422,
    vi: `Không thêm được bản phần mềm: ${vi}.`,
    en: `The release was not added: ${en}.`,
  };
}

export function releaseNotNewer(newest: number): Refusal {
  return {
    code: 'release-not-newer',
    status: 409,
    vi: `Đã có bản số ${newest}. Số của bản mới phải lớn hơn.`,
    en: `Release number ${newest} is here already. A new one needs a greater number.`,
  };
}

export function releaseVersionUsed(version: string): Refusal {
  return {
    code: 'release-version-used',
    status: 409,
    vi: `Đã có một bản mang tên ${version}. Hãy đặt tên khác.`,
    en: `A release named ${version} is here already. Choose another --version.`,
  };
}
