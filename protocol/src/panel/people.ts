/**
 * Who signs in to the panel, and what each may do: the roles and their rights. Deny by default: a right that is not
 * listed is not held. Rights hold inside the person's own area and below.
 */
import { z } from 'zod';

/** officer: commune staff; leader: approves what the commune airs; department: province operator; technician: repairs; auditor: reads. */
export const roles = ['officer', 'leader', 'department', 'technician', 'auditor'] as const;
export type Role = (typeof roles)[number];

export const rights = ['see', 'schedule', 'approve', 'emergency', 'govern', 'repair', 'enrol', 'audit'] as const;
export type Right = (typeof rights)[number];

/**
 * What each role may do inside its area. The technician has no power over content. `govern` is over the law itself:
 * exceptions, holidays, the unit tree.
 */
export const rightsOf: Record<Role, readonly Right[]> = {
  officer: ['see', 'schedule'],
  leader: ['see', 'schedule', 'approve'],
  department: ['see', 'schedule', 'emergency', 'govern', 'audit'],
  technician: ['see', 'repair', 'enrol'],
  auditor: ['see', 'audit'],
};

export const personSchema = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  role: z.enum(roles),
  areaId: z.string(),
  rights: z.array(z.enum(rights)),
});
export type Person = z.infer<typeof personSchema>;

export const signInSchema = z.object({ login: z.string().min(1).max(100), password: z.string().min(1).max(200) });

/** `demo` is true only in the demo town, where faults can be made and poles listened to. */
export const meSchema = z.object({ person: personSchema, demo: z.boolean(), timeZone: z.string() });
export type Me = z.infer<typeof meSchema>;
