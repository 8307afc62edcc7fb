"""Needs: households, their applications and the procedure from 申请 to 归档 (rules of 冬春救助, 应急统表10)."""
