/** What each pipeline's role may do in the directory. Written down anew, because the template's own come from its code. */
export const directoryActions = {
  onboard: ["chime:InviteUsers", "chime:BatchUnsuspendUser", "chime:ListUsers", "chime:GetAccount"],
  offboard: ["chime:BatchSuspendUser", "chime:ListUsers", "chime:GetAccount"],
  reinstate: ["chime:InviteUsers", "chime:BatchUnsuspendUser", "chime:ListUsers", "chime:GetAccount"],
  relicense: ["chime:BatchUpdateUser", "chime:ListUsers", "chime:GetAccount"],
};
